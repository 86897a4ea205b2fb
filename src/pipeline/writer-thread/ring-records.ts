import { ByteReader } from "../../bytes/byte-reader.ts";
import { ByteWriter } from "../../bytes/byte-writer.ts";
import { now as monotonicNow } from "../../real-time.ts";
import type { Command } from "../command.ts";
import { commandRecord } from "../command-codec.ts";
import { encodeDefinition } from "../definition-codec.ts";
import { DroppedRows } from "../dropped-rows.ts";
import type { InlineTransport } from "../inline-transport.ts";
import { type Definition, RECORD_HEADER_BYTES, RecordKind } from "../record.ts";
import { beginRecord, endRecord, wholeRecord } from "../record-segment.ts";
import type { DropReason } from "../recording-stats.ts";
import type { RingMessage } from "../ring/ring-message.ts";
import { RingProducer, type RingProducerOptions } from "../ring/ring-producer.ts";
import { KeptDefinitions } from "./kept-definitions.ts";
import { START_MILLIS } from "./writer-link.ts";

/**
 * What a thread logs and asks for, as records in its ring.
 *
 *   begin ─┬─▶ in the ring ──────────────▶ end ─▶ published
 *          ├─▶ inside another record ────▶ end ─▶ kept apart, behind the outer one; definitions and commands before it
 *          └─▶ no room ──────────────────▶ end ─▶ counted, told with the next command (I3)
 *
 * The transport is one of these and has none: a row passes no call and no object more than it needs.
 */
export abstract class RingRecords {
  protected readonly ring: RingProducer;
  protected readonly definitions = new KeptDefinitions();
  readonly #dropped = new DroppedRows();
  /** Takes the records once nobody reads the ring any more. */
  #inline: InlineTransport | undefined;
  /** The writer of the record that is being encoded. */
  #open: ByteWriter | undefined;
  #ringWriter: ByteWriter | undefined;
  readonly #nested = new ByteWriter(256);
  /** Somebody wants to tell the reader something, which is done as soon as the ring is at rest. */
  #isCalled: boolean;
  #wasCalled = false;
  /** When the reader is called at the latest, on the clock of the rows. */
  readonly #callAt = monotonicNow() + START_MILLIS;

  constructor(options: Omit<RingProducerOptions, "post">, isCalled: boolean) {
    this.ring = new RingProducer({
      ...options,
      post: (message) => this.tell(message),
      isForsaken: () => {
        const isGone = this.isReaderGone();
        this.#isCalled ||= isGone;
        return isGone;
      },
    });
    this.#isCalled = isCalled;
  }

  /** Sends a message to the reader. False: it does not hear it yet, and has to be called. */
  protected abstract send(message: RingMessage): boolean;

  /** The reader is no more, whether or not its end has been told yet; `callReader` has to find another. */
  protected abstract isReaderGone(): boolean;

  /** The ring is at rest. False: the reader has to be called again. */
  protected abstract callReader(): boolean;

  begin(kind: RecordKind, recording: number, flags = 0): ByteWriter {
    if (this.#inline !== undefined) return this.#inline.begin(kind, recording, flags);
    if (this.#open === undefined) {
      const writer = this.ring.begin(kind, recording, flags, false);
      if (writer !== undefined) {
        this.#ringWriter = writer;
        this.#open = writer;
        return writer;
      }
    }
    const writer = new ByteWriter(256);
    beginRecord(writer, kind, recording, flags);
    this.#open ??= writer;
    return writer;
  }

  end(writer: ByteWriter): boolean {
    if (writer !== this.#open) return this.#endApart(writer);
    this.#open = undefined;
    if (this.#inline !== undefined) return this.#endForSuccessor(writer);
    let isIn = false;
    if (writer === this.#ringWriter) {
      const { bytes } = writer;
      const start = this.ring.openAt;
      const kind = bytes[start + 4];
      if (kind === RecordKind.forget) this.#forgetPath(bytes, start);
      // a loop that never rests fires no timer
      else if (!this.#wasCalled && kind === RecordKind.row) {
        this.#isCalled ||= writer.f64At(start + RECORD_HEADER_BYTES + 8) >= this.#callAt;
      }
      isIn = this.ring.end();
      if (!isIn) this.#dropped.addRecords(bytes, start, start + 1);
    } else {
      endRecord(writer, 0);
      this.#dropped.addRecords(writer.bytes, 0, 1);
    }
    if (this.#nested.position > 0) this.#putNested();
    if (this.#isCalled) this.call();
    return isIn;
  }

  abort(writer: ByteWriter): void {
    if (writer !== this.#open) {
      this.#inline?.abort(writer);
      return;
    }
    this.#open = undefined;
    if (writer === this.#ringWriter) this.ring.abort();
    if (this.#nested.position > 0) this.#putNested();
  }

  define(definition: Definition): void {
    if (this.#inline !== undefined) {
      this.#inline.define(definition);
      return;
    }
    this.definitions.settle(this.ring.durable);
    this.definitions.add(definition);
    const recording = definition.type === "recording" ? definition.no : 0;
    const record = wholeRecord(RecordKind.define, recording, encodeDefinition(definition));
    // rows that name it may come at any time, those inside the open record included: it is never refused
    if (this.#open !== undefined) this.ring.makeWay();
    this.ring.put(record, true);
  }

  countDropped(recording: number, reason: DropReason, rows: number): void {
    if (this.#inline !== undefined) this.#inline.countDropped(recording, reason, rows);
    else this.#dropped.add(recording, reason, rows);
  }

  /** @param reply what it is answered with; 0: nobody waits. */
  protected command(command: Command, reply: number): void {
    if (this.#open !== undefined) {
      // an encoder asks: the records inside it come first, it comes last
      this.ring.makeWay();
      if (this.#nested.position > 0) this.#putNested();
    }
    for (const dropped of this.#dropped.take()) this.ring.put(commandRecord(dropped, 0), true);
    this.ring.put(commandRecord(command, reply), true);
    if (command.type === "close" && command.recording !== undefined) {
      this.definitions.forgetRecording(command.recording, this.ring.position);
    }
    this.#wake();
    if (this.#open === undefined) this.call();
  }

  #wake(): void {
    const { control } = this.ring;
    if (!control.tryCall() || this.send({ type: "wake" })) return;
    control.forgetCall();
    this.#isCalled = true;
  }

  /** What is told before the reader hears, it finds in the ring. */
  protected tell(message: RingMessage): void {
    if (!this.send(message)) this.#isCalled = true;
  }

  protected call(): void {
    this.#isCalled = false;
    if (this.#inline !== undefined) return;
    this.#wasCalled = true;
    this.#isCalled = !this.callReader();
  }

  /** Everything goes there from now on, also what is logged while `read` reads what the ring has. */
  protected leaveTo(inline: InlineTransport, read: () => void): void {
    if (this.#open !== undefined) this.ring.makeWay();
    this.#inline = inline;
    read();
    if (this.#open === undefined && this.#nested.position > 0) this.#putNested();
    for (const dropped of this.#dropped.take()) inline.post(dropped);
  }

  /** A record that was begun inside another one, or after a successor took over. */
  #endApart(writer: ByteWriter): boolean {
    if (this.#inline !== undefined && this.#open === undefined) return this.#inline.end(writer);
    endRecord(writer, 0);
    this.#nested.raw(writer.written());
    return true;
  }

  /** The writer changed while the record was being encoded, because its own code asked for something. */
  #endForSuccessor(writer: ByteWriter): boolean {
    const start = writer === this.#ringWriter ? this.ring.openAt : 0;
    endRecord(writer, start);
    this.#inline?.put(writer.bytes.slice(start, writer.position));
    if (this.#nested.position > 0) this.#putNested();
    return true;
  }

  #putNested(): void {
    const records = this.#nested.written().slice();
    this.#nested.reset();
    if (this.#inline !== undefined) {
      this.#inline.put(records);
      return;
    }
    // one by one: they may be of several recordings, and what goes together is read again together
    const view = new DataView(records.buffer);
    for (let at = 0; at < records.length; ) {
      const end = at + view.getUint32(at, true);
      if (!this.ring.put(records.subarray(at, end), false)) this.#dropped.addRecords(records, at, end);
      at = end;
    }
  }

  #forgetPath(bytes: Uint8Array, start: number): void {
    const reader = new ByteReader(bytes, start + 8);
    const recording = reader.u32();
    reader.position = start + RECORD_HEADER_BYTES;
    this.definitions.forgetPath(recording, reader.u32(), this.ring.position);
  }
}
