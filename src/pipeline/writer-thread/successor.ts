import { removeSegment } from "../../sinks/file/begun-file.ts";
import { nodeFiles } from "../../sinks/file/file-layer.ts";
import { releaseFile } from "../../sinks/file/open-file.ts";
import type { Command, CommandResult } from "../command.ts";
import { createWriter, InlineTransport, type InlineTransportOptions } from "../inline-transport.ts";
import { BASE, type Definition } from "../record.ts";
import type { OutstandingRing } from "../ring/ring-producer.ts";
import type { Writer } from "../writer.ts";
import type { AskedCommands } from "./asked-commands.ts";
import type { Checkpoint, CheckpointBlock } from "./checkpoint.ts";
import { restore } from "./recording-checkpoints.ts";
import { RingClient } from "./ring-client.ts";
import { serveOtherThreads } from "./serve-other-threads.ts";
import { Claim, type WriterControl } from "./writer-control.ts";
import { type EarlyJoins, openHub } from "./writer-hub.ts";
import { WriterLoop } from "./writer-loop.ts";

export interface SuccessorOptions {
  readonly writer: InlineTransportOptions;
  readonly control: WriterControl;
  /** Of the writer before. */
  readonly checkpoint: CheckpointBlock;
  readonly definitions: Iterable<Definition>;
  /** Commands that the writer before has not answered. */
  readonly asked: AskedCommands;
  readonly hub: string;
  /** Of threads that asked for a writer before there was one. */
  readonly early: EarlyJoins | undefined;
}

/**
 * This thread as the writer, where another one stopped, at whatever moment that was.
 *
 *   files     ══════════════╪──────── cut                     each to the length that its checkpoint says
 *   ring      ──────────────┴═══════════════════════▶ head    records behind the checkpoint of their recording are read again
 *
 * I4: no row is lost and none is there twice. Rows that only memory had are gone with the thread, and counted: of memory sinks, of the
 * window of black boxes, and of recordings that nobody had said a place for, such as those of requests that were not decided.
 */
export class Successor {
  /** Takes what is logged from now on, also while the ring is read. */
  readonly transport: InlineTransport;
  readonly #options: SuccessorOptions;
  readonly #writer: Writer;
  /** Undefined: the writer before had not written anything. */
  readonly #before: Checkpoint | undefined;
  /** Reads the rings of other threads. */
  #others: WriterLoop | undefined;

  constructor(options: SuccessorOptions) {
    const { control, checkpoint, writer } = options;
    this.#options = options;
    const isFirst = control.claim !== Claim.thread;
    control.seize();
    this.#before = isFirst ? undefined : checkpoint.value;
    this.#writer = createWriter({
      ...writer,
      files: {
        ...writer.files,
        onReleased: (path) => {
          releaseFile(path);
          this.#others?.released(path);
        },
      },
      onBatcherEvents: (recording, events) => {
        if (recording < BASE) writer.onBatcherEvents?.(recording, events);
        else this.#others?.tell(recording, events);
      },
    });
    this.transport = new InlineTransport(this.#writer);
  }

  readAgain(ring: OutstandingRing): void {
    const writer = this.#writer;
    for (const path of this.#before?.begun ?? []) removeSegment(nodeFiles, path);
    for (const definition of this.#options.definitions) writer.records.define(definition);
    for (const recording of this.#before?.recordings ?? []) restore(writer.stores, recording);
    const onCommand = (command: Command, reply: number | undefined): void => this.#answer(command, reply);
    const client = new RingClient({ no: 0, ring, clockSkew: 0, receive: () => {}, onCommand });
    client.readAgain(writer, this.#before ?? NOTHING);
  }

  goOn(): void {
    // asked before the checkpoint, and not answered
    for (const [no, command] of this.#options.asked.open()) this.#answer(command, no);
    this.transport.watch();
    this.#serveAtEnd();
    setImmediate(() => this.#serveOthers()).unref();
  }

  requestSync(command: Command): CommandResult {
    if (command.type === "close" && command.recording === undefined) {
      this.#serveAtEnd();
      this.#others?.readOthers();
    }
    return this.transport.requestSync(command);
  }

  #answer(command: Command, reply: number | undefined): void {
    const asked = reply === undefined ? undefined : this.#options.asked.take(reply);
    if (asked === undefined) this.transport.post(command);
    else void this.transport.request(command).then((result) => asked.settle(result));
  }

  /** There may be no other turn of the event loop: who has asked for a writer already is served now. */
  #serveAtEnd(): void {
    const { early } = this.#options;
    early?.hear();
    if (early?.hasAny) this.#serveOthers();
  }

  #serveOthers(): void {
    if (this.#others !== undefined) return;
    const { control, early } = this.#options;
    const writer = this.#writer;
    // before the other end is closed, or what is said in between is lost
    const hub = openHub(this.#options.hub);
    this.#others = new WriterLoop({
      writer,
      control,
      exclusively: (work) => this.transport.exclusively(work),
    });
    serveOtherThreads(this.#others, { writer, hub, before: this.#before, early: early?.take() ?? [] });
  }
}

const NOTHING: Checkpoint = { recordings: [], ended: [] };
