import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteWriter } from "../bytes/byte-writer.ts";
import { releaseFile } from "../sinks/open-file.ts";
import { AskedCommands, lateResult, patienceOf } from "./asked-commands.ts";
import { CheckpointBlock } from "./checkpoint.ts";
import { encodeCommand, unpackResult } from "./command-codec.ts";
import { encodeDefinition } from "./definition-codec.ts";
import { DroppedRows } from "./dropped-rows.ts";
import { createWriter, InlineTransport, type InlineTransportOptions } from "./inline-transport.ts";
import { KeptDefinitions } from "./kept-definitions.ts";
import { type Definition, RECORD_HEADER_BYTES, RecordKind } from "./record.ts";
import { beginRecord, endRecord } from "./record-segment.ts";
import { BASE } from "./ring-client.ts";
import type { RingMessage } from "./ring-message.ts";
import { RingProducer, type RingProducerOptions } from "./ring-producer.ts";
import { serveOtherThreads } from "./serve-other-threads.ts";
import type { WriterThread } from "./start-writer-thread.ts";
import { takeOver } from "./take-over.ts";
import { clockOffset } from "./thread-clock.ts";
import type { FromWriter, WriterHandle, WriterThreadData } from "./thread-messages.ts";
import type { Command, CommandResult, DropReason, Transport } from "./transport.ts";
import { waitForWriter } from "./wait-for-writer.ts";
import type { Writer } from "./writer.ts";
import { Claim, WriterControl } from "./writer-control.ts";
import { collectJoins, type EarlyJoins, type JoinMessage, joinWriter } from "./writer-hub.ts";
import { WriterLoop } from "./writer-loop.ts";

export interface ThreadTransportOptions extends InlineTransportOptions {
  /** Starts the writer thread; may throw where threads are refused. Not called with `joins`. */
  readonly start: (data: WriterThreadData) => WriterThread;
  /** The process has a writer already, made by another thread. */
  readonly joins?: WriterHandle;
  readonly onWarning: (message: string) => void;
  readonly ring?: Omit<RingProducerOptions, "post">;
}

/**
 * A process that lives shorter than this never starts a thread (60–80 ms of another core, 3 ms of this one); it writes what it has
 * itself when it ends. A burst or a command that somebody waits for starts it at once.
 */
const START_MILLIS = 100;

/** How often a thread shows that its event loop turns, where somebody looks. */
const PULSE_MILLIS = 100;

/** The first segment of a thread that joins the writer of another. */
const JOINED_BYTES = 64 << 10;

/**
 * The writer in a thread of its own, behind a ring.
 *
 *            ┌────────────── ring ──────────────┐
 *   begin ──▶│ record │ record │ command │ …    │──▶ writer thread ─▶ files
 *            └──────────────────────────────────┘          │
 *   request ◀──────────────── answer ──────────────────────┘
 *
 *   nobody ──claim──▶ thread ──dies, or shows no life──▶ caller          who reads the ring; once the caller does, it stays so
 *      └─────── the process ends before the thread is up ───▲            and everything goes the inline way
 *
 * Commands travel in the ring as well, so they come after all records before them. I1: nothing throws or waits for I/O.
 */
export class ThreadTransport implements Transport {
  readonly #options: ThreadTransportOptions;
  readonly #control: WriterControl;
  readonly #hub: string;
  /** 0: this thread makes the writer, and is it when that has died. */
  readonly #ringNo: number;
  readonly #checkpoint = new CheckpointBlock();
  readonly #ring: RingProducer;
  readonly #definitions = new KeptDefinitions();
  /** Of other threads, on the one that makes the writer. */
  readonly #early: EarlyJoins | undefined;
  readonly #asked = new AskedCommands(() => this.#thread?.keepsAlive(false));
  /** Told with the next command. */
  readonly #dropped = new DroppedRows();
  #thread: WriterThread | undefined;
  #inline: InlineTransport | undefined;
  /** Reads the rings of other threads once this one writes. */
  #others: WriterLoop | undefined;
  /** When the thread is started at the latest, on the clock of the rows. */
  readonly #startAt = performance.now() + START_MILLIS;
  #pulseTimer: ReturnType<typeof setInterval> | undefined;
  #startTimer: ReturnType<typeof setTimeout> | undefined;
  /** A sink of some recording sends to somebody, which takes an event loop that turns: the end of a process has none. */
  #isSending = false;
  /** Somebody wants to tell the thread something; it is started as soon as the ring is at rest. */
  #isCalled = false;
  /** The writer of the record that is being encoded; what is begun inside it is encoded apart and follows it. */
  #open: ByteWriter | undefined;
  #ringWriter: ByteWriter | undefined;
  readonly #nested = new ByteWriter(256);

  constructor(options: ThreadTransportOptions) {
    this.#options = options;
    const { joins } = options;
    this.#control = new WriterControl(joins?.control);
    this.#hub = joins?.hub ?? `otel-rerun ${crypto.randomUUID()}`;
    this.#ringNo = joins === undefined ? 0 : this.#control.nextRing();
    // there may be many other threads, and each has its own
    const firstBytes = joins === undefined ? undefined : { firstBytes: JOINED_BYTES };
    this.#ring = new RingProducer({ ...firstBytes, ...options.ring, post: (message) => this.#post(message) });
    this.#isCalled = joins !== undefined;
    if (joins === undefined) this.#early = collectJoins(this.#hub);
    this.#startTimer = setTimeout(() => this.#start(), START_MILLIS);
    this.#startTimer.unref?.();
  }

  /** The thread, while it is the one that writes. */
  get thread(): WriterThread | undefined {
    return this.#inline === undefined ? this.#thread : undefined;
  }

  /** For other threads of the process. */
  get handle(): WriterHandle {
    return { hub: this.#hub, control: this.#control.buffer };
  }

  /** Added to the numbers of this thread by the writer. */
  get base(): number {
    return this.#ringNo * BASE;
  }

  begin(kind: RecordKind, recording: number, flags = 0): ByteWriter {
    if (this.#inline !== undefined) return this.#inline.begin(kind, recording, flags);
    if (this.#open === undefined) {
      const writer = this.#ring.begin(kind, recording, flags, false);
      if (writer !== undefined) {
        this.#ringWriter = writer;
        this.#open = writer;
        return writer;
      }
    }
    // inside another record, or there is no room and it will be counted
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
      const start = this.#ring.openAt;
      const kind = bytes[start + 4];
      if (kind === RecordKind.forget) this.#forgetPath(bytes, start);
      // a loop that never rests fires no timer
      else if (this.#thread === undefined && kind === RecordKind.row) {
        this.#isCalled ||= writer.f64At(start + RECORD_HEADER_BYTES + 8) >= this.#startAt;
      }
      isIn = this.#ring.end();
      if (!isIn) this.#dropped.addRecords(bytes, start, start + 1);
    } else {
      endRecord(writer, 0);
      this.#dropped.addRecords(writer.bytes, 0, 1);
    }
    if (this.#nested.position > 0) this.#putNested();
    if (this.#isCalled) this.#start();
    return isIn;
  }

  abort(writer: ByteWriter): void {
    if (writer !== this.#open) {
      this.#inline?.abort(writer);
      return;
    }
    this.#open = undefined;
    if (writer === this.#ringWriter) this.#ring.abort();
    if (this.#nested.position > 0) this.#putNested();
  }

  define(definition: Definition): void {
    if (this.#inline !== undefined) {
      this.#inline.define(definition);
      return;
    }
    this.#definitions.settle(this.#ring.durable);
    this.#definitions.add(definition);
    const recording = definition.type === "recording" ? definition.no : 0;
    this.#put(RecordKind.define, recording, encodeDefinition(definition));
  }

  post(command: Command): void {
    if (this.#inline !== undefined) this.#inline.post(command);
    else this.#command(command, 0);
  }

  request(command: Command): Promise<CommandResult> {
    this.#start();
    if (this.#inline !== undefined) return this.#inline.request(command);
    return new Promise((resolve) => {
      const no = this.#asked.addWithDeadline(command, resolve);
      this.#thread?.keepsAlive(true);
      this.#command(command, no);
    });
  }

  requestSync(command: Command): CommandResult {
    const isQuestion = command.type === "stats" || command.type === "drain-memory";
    if (this.#ringNo > 0 && command.type === "close" && command.recording === undefined) return this.#closeOwn(command);
    if (this.#inline === undefined && this.#ringNo === 0) {
      // the thread is not up, and the process may be about to end: all but sending could be done here
      if (isQuestion || this.#isSending) this.#start();
      else if (this.#control.tryClaim(Claim.caller)) this.#takeOver();
    }
    if (this.#inline === undefined) return this.#askThread(command, isQuestion);
    if (command.type === "close" && command.recording === undefined) this.#others?.readOthers();
    return this.#inline.requestSync(command);
  }

  countDropped(recording: number, reason: DropReason, rows: number): void {
    if (this.#inline !== undefined) this.#inline.countDropped(recording, reason, rows);
    else this.#dropped.add(recording, reason, rows);
  }

  /** The thread ends, not the process: only its own recordings do. */
  #closeOwn(command: Command & { readonly type: "close" }): CommandResult {
    for (const recording of this.#definitions.recordings) this.#command({ ...command, recording }, 0);
    return this.requestSync({ ...command, type: "flush" });
  }

  #askThread(command: Command, isQuestion: boolean): CommandResult {
    if (!isQuestion) this.#early?.forward();
    let answer: CommandResult | undefined;
    const no = this.#asked.add(command, (result) => {
      answer = result;
    });
    this.#command(command, no);
    waitForWriter(this.#control, patienceOf(command), () => {
      this.#receive();
      if (this.#thread?.isReady === false) this.#start();
      return answer !== undefined || this.#inline !== undefined;
    });
    // the process ends and the thread is stuck, but not in the middle of a file: then its work is done here
    const isStuck = answer === undefined && this.#inline === undefined && this.#control.claim === Claim.thread;
    if (isStuck && !isQuestion && this.#ringNo === 0 && !this.#control.isWriting) {
      this.#ended(new Error("it does not get on"));
    }
    this.#asked.take(no);
    if (answer === undefined && !isQuestion && this.#ringNo === 0 && this.#control.tryClaim(Claim.caller))
      this.#takeOver();
    return answer ?? this.#inline?.requestSync(command) ?? lateResult(command);
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
    const start = writer === this.#ringWriter ? this.#ring.openAt : 0;
    endRecord(writer, start);
    this.#inline?.put(writer.bytes.slice(start, writer.position));
    if (this.#nested.position > 0) this.#putNested();
    return true;
  }

  #putNested(): void {
    const records = this.#nested.written().slice();
    this.#nested.reset();
    if (this.#inline !== undefined) this.#inline.put(records);
    else if (!this.#ring.put(records, false)) this.#dropped.addRecords(records, 0, records.length);
  }

  #put(kind: RecordKind, recording: number, payload: Uint8Array): void {
    const record = new ByteWriter(RECORD_HEADER_BYTES + payload.length + 8);
    beginRecord(record, kind, recording, 0);
    record.raw(payload);
    endRecord(record, 0);
    if (kind === RecordKind.define && this.#open !== undefined) {
      this.#nested.raw(record.written());
      return;
    }
    this.#ring.put(record.written(), true);
  }

  #command(command: Command, reply: number): void {
    if (command.type === "set-sinks") {
      if (command.sinks.some(({ kind }) => kind === "black-box")) this.#showPulse();
      this.#isSending ||= command.sinks.some(({ kind }) => kind === "grpc");
    }
    if (this.#open !== undefined) {
      // an encoder asks: the records inside it come first, it comes last
      this.#ring.makeWay();
      if (this.#nested.position > 0) this.#putNested();
    }
    for (const dropped of this.#dropped.take()) this.#barrier(dropped, 0);
    this.#barrier(command, reply);
    if (command.type === "close" && command.recording !== undefined) {
      this.#definitions.forgetRecording(command.recording, this.#ring.position);
    }
    this.#post({ type: "wake" });
    if (this.#open === undefined) this.#start();
  }

  /** For a writer that has to know whether this thread is blocked. */
  #showPulse(): void {
    if (this.#pulseTimer !== undefined || this.#ringNo > 0) return;
    this.#control.beatPulse();
    setImmediate(() => this.#control.beatPulse()).unref();
    this.#pulseTimer = setInterval(() => this.#control.beatPulse(), PULSE_MILLIS);
    this.#pulseTimer.unref?.();
  }

  #barrier(command: Command, reply: number): void {
    const text = encodeCommand(command);
    const payload = new Uint8Array(4 + text.length);
    new DataView(payload.buffer).setUint32(0, reply, true);
    payload.set(text, 4);
    const recording = "recording" in command ? (command.recording ?? 0) : 0;
    const open = this.#open;
    this.#open = undefined;
    this.#put(RecordKind.barrier, recording, payload);
    this.#open = open;
  }

  #forgetPath(bytes: Uint8Array, start: number): void {
    const reader = new ByteReader(bytes, start + 8);
    const recording = reader.u32();
    reader.position = start + RECORD_HEADER_BYTES;
    this.#definitions.forgetPath(recording, reader.u32(), this.#ring.position);
  }

  /** What is posted before there is a thread, it finds in the ring when it starts. */
  #post(message: RingMessage): void {
    if (this.#thread?.isReady !== true) this.#isCalled = true;
    this.#thread?.post(message);
  }

  #start(): void {
    this.#isCalled = false;
    if (this.#inline !== undefined) return;
    if (this.#thread !== undefined) {
      this.#thread.settle();
      this.#isCalled = !this.#thread.isReady;
      return;
    }
    clearTimeout(this.#startTimer);
    try {
      const thread = this.#ringNo === 0 ? this.#startThread() : this.#join(this.handle);
      this.#thread = thread;
      thread.onMessage((message) => this.#take(message));
      thread.onEnd((error) => this.#ended(error));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.onWarning(
        `no thread could be started, so recordings are written on the application's own: ${reason}. ` +
          "Allow worker threads, or set OTEL_RERUN_WRITER=inline",
      );
      this.#takeOver();
    }
  }

  #startThread(): WriterThread {
    return this.#options.start({
      control: this.#control.buffer,
      checkpoint: this.#checkpoint.buffers,
      ring: this.#ring.outstanding,
      clockOffset: clockOffset(),
      timeOrigin: performance.timeOrigin,
      hub: this.#hub,
    });
  }

  #join(handle: WriterHandle): WriterThread {
    return joinWriter({
      handle,
      no: this.#ringNo,
      ring: () => this.#ring.outstanding,
      definitions: () => [...this.#definitions],
      isJoined: () => this.#ring.control.isJoined,
    });
  }

  #take(message: FromWriter): void {
    if (message.type === "joined") this.#start();
    else if (message.type === "reply") this.#asked.settle(message.no, unpackResult(message.result));
    else if (message.type === "warning") this.#options.onWarning(message.message);
    else if (message.type === "batcher") this.#options.onBatcherEvents?.(message.recording, message.events);
    else releaseFile(message.path);
  }

  /** What the thread has said, without a turn of the event loop. */
  #receive(): void {
    for (let message = this.#thread?.receive(); message !== undefined; message = this.#thread?.receive()) {
      this.#take(message);
    }
  }

  /** The thread is no more: this one goes on. */
  #ended(error: Error | undefined): void {
    if (this.#inline !== undefined) return;
    this.#receive();
    this.#options.onWarning(
      `the writer thread ended${error === undefined ? "" : `: ${error.message}`}; recordings are written on the application's own thread now`,
    );
    this.#takeOver();
  }

  #takeOver(): void {
    clearTimeout(this.#startTimer);
    const isFirst = this.#control.claim !== Claim.thread;
    this.#control.seize();
    if (this.#open !== undefined) this.#ring.makeWay();
    const writer = createWriter({
      ...this.#options,
      onBatcherEvents: (recording, events) => {
        if (recording < BASE) this.#options.onBatcherEvents?.(recording, events);
        else this.#others?.tell(recording, events);
      },
    });
    const inline = new InlineTransport(writer);
    this.#inline = inline;
    takeOver({
      writer,
      definitions: this.#definitions,
      ring: this.#ring.outstanding,
      checkpoint: isFirst ? undefined : this.#checkpoint.value,
      onCommand: (command, reply) => this.#answer(command, reply),
    });
    if (this.#open === undefined && this.#nested.position > 0) this.#putNested();
    for (const dropped of this.#dropped.take()) inline.post(dropped);
    // asked before the checkpoint, and not answered
    for (const [no, command] of this.#asked.open()) this.#answer(command, no);
    inline.watch();
    const early = this.#early?.take() ?? [];
    // not while the process ends
    if (early.length === 0) setImmediate(() => this.#serveOthers(inline, writer, early)).unref();
    else this.#serveOthers(inline, writer, early);
  }

  /** Those of the other threads of the process are read here, too. */
  #serveOthers(inline: InlineTransport, writer: Writer, early: readonly JoinMessage[]): void {
    this.#others = new WriterLoop({
      writer,
      control: this.#control,
      checkpoint: new CheckpointBlock(),
      exclusively: (work) => inline.exclusively(work),
    });
    serveOtherThreads(this.#others, { writer, hub: this.#hub, before: this.#checkpoint.value, early });
  }

  #answer(command: Command, reply: number | undefined): void {
    const inline = this.#inline as InlineTransport;
    const asked = reply === undefined ? undefined : this.#asked.take(reply);
    if (asked === undefined) inline.post(command);
    else void inline.request(command).then((result) => asked.settle(result));
  }
}
