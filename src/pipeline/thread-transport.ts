import { timeOrigin } from "../real-time.ts";
import { releaseFile } from "../sinks/file/open-file.ts";
import type { Command, CommandResult } from "./command.ts";
import { unpackResult } from "./command-codec.ts";
import type { InlineTransportOptions } from "./inline-transport.ts";
import { BASE } from "./record.ts";
import type { RingMessage } from "./ring/ring-message.ts";
import type { RingProducerOptions } from "./ring/ring-producer.ts";
import type { Transport } from "./transport.ts";
import { AskedCommands, lateResult, patienceOf } from "./writer-thread/asked-commands.ts";
import { CheckpointBlock } from "./writer-thread/checkpoint.ts";
import { showPulse } from "./writer-thread/pulse.ts";
import { RingRecords } from "./writer-thread/ring-records.ts";
import type { WriterThread } from "./writer-thread/start-writer-thread.ts";
import { Successor } from "./writer-thread/successor.ts";
import { clockOffset } from "./writer-thread/thread-clock.ts";
import type { FromWriter, WriterHandle, WriterThreadData } from "./writer-thread/thread-messages.ts";
import { waitForWriter } from "./writer-thread/wait-for-writer.ts";
import { Claim, WriterControl } from "./writer-thread/writer-control.ts";
import { collectJoins, type EarlyJoins, joinWriter } from "./writer-thread/writer-hub.ts";
import { START_MILLIS, WriterLink } from "./writer-thread/writer-link.ts";

export interface ThreadTransportOptions extends InlineTransportOptions {
  /** Starts the writer thread; may throw where threads are refused. Not called with `joins`. */
  readonly start: (data: WriterThreadData) => WriterThread;
  /** The process has a writer already, made by another thread. */
  readonly joins?: WriterHandle;
  /** Where this thread makes the writer, and what others have said to that already. */
  readonly offers?: { readonly handle: WriterHandle; readonly early: EarlyJoins | undefined };
  readonly onWarning: (message: string) => void;
  readonly ring?: Omit<RingProducerOptions, "post">;
}

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
export class ThreadTransport extends RingRecords implements Transport {
  readonly #options: ThreadTransportOptions;
  readonly #control: WriterControl;
  readonly #hub: string;
  /** 0: this thread makes the writer, and is it when that has died. */
  readonly #ringNo: number;
  readonly #checkpoint = new CheckpointBlock();
  /** Of other threads, on the one that makes the writer. */
  readonly #early: EarlyJoins | undefined;
  readonly #link: WriterLink;
  readonly #asked = new AskedCommands(() => this.#link.keepsAlive(false));
  #successor: Successor | undefined;
  #isGone = false;
  #showsPulse = false;
  /** A sink of some recording sends to somebody, which takes an event loop that turns: the end of a process has none. */
  #isSending = false;

  constructor(options: ThreadTransportOptions) {
    const { joins, offers } = options;
    // there may be many other threads, and each has its own
    super({ ...(joins && { firstBytes: JOINED_BYTES }), ...options.ring }, joins !== undefined);
    this.#options = options;
    const handle = joins ?? offers?.handle;
    this.#control = new WriterControl(handle?.control);
    this.#hub = handle?.hub ?? `otel-rerun ${crypto.randomUUID()}`;
    this.#ringNo = joins === undefined ? 0 : this.#control.nextRing();
    if (joins === undefined) this.#early = offers?.early ?? collectJoins(this.#hub);
    this.#link = new WriterLink({
      startMillis: this.#early?.hasAny ? 0 : START_MILLIS,
      start: () => (this.#ringNo === 0 ? this.#startThread() : this.#join()),
      onDue: () => this.call(),
      take: (message) => this.#take(message),
      onEnd: (error) => this.#ended(error),
    });
  }

  /** The thread, while it is the one that writes. */
  get thread(): WriterThread | undefined {
    return this.#successor === undefined ? this.#link.thread : undefined;
  }

  /** For other threads of the process. */
  get handle(): WriterHandle {
    return { hub: this.#hub, control: this.#control.buffer };
  }

  /** Added to the numbers of this thread by the writer. */
  get base(): number {
    return this.#ringNo * BASE;
  }

  post(command: Command): void {
    if (this.#successor !== undefined) this.#successor.transport.post(command);
    else this.command(command, 0);
  }

  request(command: Command): Promise<CommandResult> {
    this.call();
    if (this.#successor !== undefined) return this.#successor.transport.request(command);
    return new Promise((resolve) => {
      const no = this.#asked.addWithDeadline(command, resolve);
      this.#link.keepsAlive(true);
      this.command(command, no);
    });
  }

  requestSync(command: Command): CommandResult {
    const isQuestion = command.type === "stats" || command.type === "drain-memory";
    if (this.#ringNo > 0 && command.type === "close" && command.recording === undefined) return this.#closeOwn(command);
    if (this.#successor === undefined && this.#ringNo === 0) {
      // the thread is not up, and the process may be about to end: all but sending could be done here
      if (isQuestion || this.#isSending) this.call();
      else if (this.#control.tryClaim(Claim.caller)) this.#takeOver();
    }
    return this.#successor?.requestSync(command) ?? this.#askThread(command, isQuestion);
  }

  protected override send(message: RingMessage): boolean {
    this.#link.post(message);
    return this.#link.isReady;
  }

  /** A caller that never yields is not told that the thread has ended. */
  protected override isReaderGone(): boolean {
    this.#isGone ||= this.#link.thread?.isAlive === false;
    return this.#isGone;
  }

  protected override callReader(): boolean {
    if (this.#isGone) {
      this.#ended(undefined);
      return true;
    }
    try {
      return this.#link.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.onWarning(
        `no thread could be started, so recordings are written on the application's own: ${reason}. ` +
          "Allow worker threads, or set OTEL_RERUN_WRITER=inline",
      );
      this.#takeOver();
      return true;
    }
  }

  protected override command(command: Command, reply: number): void {
    if (command.type === "set-sinks") {
      if (command.sinks.some(({ kind }) => kind === "black-box")) this.#showPulse();
      this.#isSending ||= command.sinks.some(({ kind }) => kind === "grpc");
    }
    super.command(command, reply);
  }

  /** The thread ends, not the process: only its own recordings do. */
  #closeOwn(command: Command & { readonly type: "close" }): CommandResult {
    for (const recording of this.definitions.recordings) this.command({ ...command, recording }, 0);
    return this.requestSync({ ...command, type: "flush" });
  }

  #askThread(command: Command, isQuestion: boolean): CommandResult {
    if (!isQuestion) this.#introduceOthers(patienceOf(command));
    let answer: CommandResult | undefined;
    const no = this.#asked.add(command, (result) => {
      answer = result;
    });
    this.command(command, no);
    const wait = waitForWriter(this.#control, patienceOf(command), isQuestion ? "question" : "end", () => {
      this.#link.receive();
      if (this.#link.thread?.isReady === false) this.call();
      return answer !== undefined || this.#successor !== undefined || this.isReaderGone();
    });
    if (answer === undefined && this.#isGone) this.#ended(undefined);
    // the process ends and the thread is stuck, but not in the middle of a file: then its work is done here
    const isMine = wait !== "over" && !isQuestion && this.#ringNo === 0;
    const isStuck = wait === "stalled" && this.#control.claim === Claim.thread && !this.#control.isWriting;
    if (isMine && isStuck) this.#ended(new Error("it does not get on"));
    this.#asked.take(no);
    if (isMine && this.#control.tryClaim(Claim.caller)) this.#takeOver();
    return answer ?? this.#successor?.requestSync(command) ?? lateResult(command, patienceOf(command));
  }

  /** Threads that asked for a writer before it was up, and may have ended since: it is told before it is asked to end. */
  #introduceOthers(deadlineMillis: number): void {
    this.#early?.hear();
    if (!this.#early?.hasAny) return;
    const isUp = (): boolean => this.#control.claim === Claim.thread || this.isReaderGone();
    waitForWriter(this.#control, deadlineMillis, "end", isUp);
    if (this.#control.claim === Claim.thread) this.#early.forward();
  }

  /** For a writer that has to know whether this thread is blocked. */
  #showPulse(): void {
    if (this.#showsPulse || this.#ringNo > 0) return;
    this.#showsPulse = true;
    showPulse(this.#control);
  }

  #startThread(): WriterThread {
    return this.#options.start({
      control: this.#control.buffer,
      checkpoint: this.#checkpoint.buffers,
      ring: this.ring.outstanding,
      clockOffset: clockOffset(),
      timeOrigin,
      hub: this.#hub,
    });
  }

  #join(): WriterThread {
    return joinWriter({
      handle: this.handle,
      no: this.#ringNo,
      ring: () => this.ring.outstanding,
      definitions: () => [...this.definitions],
      isJoined: () => this.ring.control.isJoined,
    });
  }

  #take(message: FromWriter): void {
    if (message.type === "joined") this.call();
    else if (message.type === "warning") this.#options.onWarning(message.message);
    else if (message.type === "batcher") {
      this.ring.control.heard(message.events.length);
      this.#options.onBatcherEvents?.(message.recording, message.events);
    } else {
      for (const path of message.released) releaseFile(path);
      for (const { no, result } of message.replies) this.#asked.settle(no, unpackResult(result));
    }
  }

  /** The thread is no more: this one goes on. */
  #ended(error: Error | undefined): void {
    if (this.#successor !== undefined) return;
    this.#link.receive();
    this.#options.onWarning(
      `the writer thread ended${error === undefined ? "" : `: ${error.message}`}; recordings are written on the application's own thread now`,
    );
    this.#takeOver();
  }

  #takeOver(): void {
    this.#link.neverStart();
    const successor = new Successor({
      writer: this.#options,
      control: this.#control,
      checkpoint: this.#checkpoint,
      definitions: this.definitions,
      asked: this.#asked,
      hub: this.#hub,
      early: this.#early,
    });
    this.#successor = successor;
    if (this.#ringNo === 0) void this.#link.thread?.kill();
    this.leaveTo(successor.transport, () => successor.readAgain(this.ring.outstanding));
    successor.goOn();
  }
}
