import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { BatcherEvent } from "../batcher-hooks.ts";
import type { Command } from "../command.ts";
import { decodeCommand } from "../command-codec.ts";
import { BASE, RecordKind } from "../record.ts";
import type { Origin } from "../record-reader.ts";
import { RingConsumer } from "../ring/ring-consumer.ts";
import { isBefore, START } from "../ring/ring-position.ts";
import type { OutstandingRing } from "../ring/ring-producer.ts";
import type { Writer } from "../writer.ts";
import type { Checkpoint } from "./checkpoint.ts";

export interface RingClientOptions {
  /** 0: the thread that made the writer. */
  readonly no: number;
  readonly ring: OutstandingRing;
  /** Added to the thread's `performance.now()`. */
  readonly clockSkew: number;
  /** Fetches messages of the producer that have not been received yet. */
  readonly receive: () => void;
  /** Runs a command. `reply`: its number, if somebody waits for the result. */
  readonly onCommand: (command: Command, reply: number | undefined) => void;
}

/** A producing thread, as the writer sees it: its ring, and what its numbers mean. */
export class RingClient implements Origin {
  readonly base: number;
  readonly clockSkew: number;
  readonly consumer: RingConsumer;
  readonly #onCommand: RingClientOptions["onCommand"];
  /**
   * What was read last has to be safe before more is read: a blob takes memory, and after a command it must be known what is safe as of
   * then. Not after one that a successor can run once more: a turn costs what all that is open costs, and one for the end of each
   * request's recording was 1.3 ms.
   */
  #endsTurn = false;
  /** Events that the thread has not been told. */
  #missed = 0;
  #writer: Writer | undefined;

  constructor({ no, ring, clockSkew, receive, onCommand }: RingClientOptions) {
    this.base = no * BASE;
    this.clockSkew = clockSkew;
    this.consumer = new RingConsumer(ring, receive);
    this.#onCommand = onCommand;
  }

  /** Gives records to the writer, about `budget` bytes at most and up to what ends the turn. Returns how many bytes. */
  read(writer: Writer, budget: number): number {
    this.#writer = writer;
    this.#endsTurn = false;
    this.consumer.control.forgetCall();
    let total = 0;
    for (let read = 1; read > 0 && total < budget && !this.#endsTurn; total += read) {
      read = this.consumer.read((bytes, from, to) => writer.records.read(bytes, from, to, this), budget - total);
    }
    return total;
  }

  /**
   * Reads what is there once more after another writer: for each recording what comes behind its checkpoint. Record by record, since
   * each begins somewhere else.
   */
  readAgain(writer: Writer, checkpoint: Checkpoint): void {
    this.#writer = writer;
    const { consumer, base } = this;
    const no = base / BASE;
    const known = new Map(checkpoint.recordings.map((recording) => [recording.no, recording.positions[no] ?? START]));
    const ended = new Set(checkpoint.ended);
    for (let bytes = 1; bytes > 0; ) {
      bytes = consumer.read((memory, from, to) => {
        const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
        const end = from + view.getUint32(from, true);
        const kind = memory[from + 4];
        if (kind === RecordKind.pad) return to;
        const recording = view.getUint32(from + 8, true) + base;
        const position = known.get(recording);
        const isWritten = ended.has(recording) || (position !== undefined && isBefore(consumer.position, position));
        if (!isWritten || kind === RecordKind.define) writer.records.read(memory, from, end, this);
        return end;
      }, 1);
    }
  }

  /** What of these events the thread is told: all, or what is rare among them while it does not come to listen (I7). */
  tellable(events: readonly BatcherEvent[]): readonly BatcherEvent[] {
    const { control } = this.consumer;
    const all: readonly BatcherEvent[] =
      this.#missed === 0 ? events : [{ hook: "missed", value: this.#missed }, ...events];
    if (control.tryTell(all.length)) {
      this.#missed = 0;
      return all;
    }
    const rare = events.filter(({ hook }) => hook === "onConfigChange" || hook === "end");
    control.tell(rare.length);
    this.#missed += events.length - rare.length;
    return rare;
  }

  /** Blobs and commands among the records. */
  onControl(kind: RecordKind, reader: ByteReader, end: number): void {
    const no = reader.u32();
    this.#endsTurn = true;
    if (kind === RecordKind.barrier) {
      const command = decodeCommand(reader.bytes.subarray(reader.position, end), this.base);
      this.#endsTurn = !isRepeatable(command);
      this.#onCommand(command, no === 0 ? undefined : no);
      return;
    }
    const blob = this.consumer.blob(no);
    if (blob === undefined) return;
    for (let at = blob.from; at < blob.to; ) at = (this.#writer as Writer).records.read(blob.bytes, at, blob.to, this);
  }
}

/** A file is begun again from its start (`FileSink`), and ended again from its checkpoint. */
function isRepeatable(command: Command): boolean {
  if (command.type === "close") return command.recording !== undefined;
  return command.type === "set-sinks" && command.isAdded !== true && command.sinks.every(({ kind }) => kind === "file");
}
