import { ByteWriter } from "../bytes/byte-writer.ts";
import { RerunError } from "../errors.ts";
import { clearTimeout, setTimeout } from "../real-time.ts";
import type { FileSinkOptions } from "../sinks/file/file-sink-options.ts";
import { timerMillis } from "../sinks/within.ts";
import type { OnBatcherEvents } from "./batcher-hooks.ts";
import type { ClockSource } from "./clock.ts";
import type { Command, CommandResult } from "./command.ts";
import { encodeDefinition } from "./definition-codec.ts";
import type { CreateExpander } from "./expander.ts";
import { type Definition, RecordKind } from "./record.ts";
import { beginRecord, endRecord, RecordSegment } from "./record-segment.ts";
import type { DropReason } from "./recording-stats.ts";
import { runAndWait } from "./run-command.ts";
import type { Transport } from "./transport.ts";
import { Writer } from "./writer.ts";

export interface InlineTransportOptions {
  /** Makes the layout of spans, logs and metrics; without it their records are ignored. */
  readonly createExpander?: CreateExpander;
  /** Default: process warnings of type `RerunWarning`. */
  readonly onWarning?: (message: string) => void;
  /** Default: that of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** For tests, so that the same input makes the same bytes (I9). */
  readonly clock?: ClockSource;
  readonly random?: () => number;
  readonly files?: FileSinkOptions;
  /** Calls the hooks of this thread's recordings; does not throw. */
  readonly onBatcherEvents?: OnBatcherEvents;
}

/** The writer on the caller's thread. */
export function createInlineTransport(options: InlineTransportOptions = {}): Transport {
  return new InlineTransport(createWriter(options));
}

export function createWriter(options: InlineTransportOptions): Writer {
  const { onWarning = warnProcess, environment = processEnvironment() } = options;
  return new Writer({ ...options, onWarning, environment });
}

/** Records are read when there are this many bytes of them. */
const DRAIN_BYTES = 64 << 10;

/**
 * Records wait at most this long before they are read, or as long as the shortest tick that is configured. What they become waits
 * for the thresholds of its recording.
 */
const TICK_MILLIS = 50;

/** While telemetry is open but nothing happens, its layout is still called this often. */
const IDLE_TICK_MILLIS = 1000;

/**
 *   begin ─▶ segment ── 64 KiB · tick · command ──▶ Writer ─▶ sinks
 *
 * One segment collects, and is exchanged for another while it is read: a sink or a layout that logs meanwhile does so into the next.
 * A record that is begun inside another one (a getter that logs) is encoded apart and follows the outer one.
 *
 * I1: nothing is thrown to callers, and the timer neither keeps the process alive nor runs while there is nothing to do. Since a
 * blocked loop fires no timer, `end` looks at the deadline as well.
 */
export class InlineTransport implements Transport {
  readonly #writer: Writer;
  #segment = new RecordSegment();
  #spare = new RecordSegment();
  /** Where the record begins that is being encoded into the segment; −1: none. */
  #openAt = -1;
  /** Records that were begun inside the open one, finished; they follow it. */
  readonly #nested = new ByteWriter(256);
  readonly #nestedWriters: ByteWriter[] = [];
  #isBusy = false;
  #posted: Command[] = [];
  #wakeAt = Number.POSITIVE_INFINITY;
  #tickMillis = TICK_MILLIS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** The writer was given records by somebody else: makes sure that it goes on with them in time. */
  watch(): void {
    this.#afterDrain();
  }

  /** Takes a record that is whole already. */
  put(record: Uint8Array): void {
    const target = this.#openAt < 0 ? this.#segment.writer : this.#nested;
    target.raw(record);
    if (this.#openAt < 0) this.#segment.to = target.position;
    this.#watch(true, this.#writer.clock.now());
  }

  begin(kind: RecordKind, recording: number, flags = 0): ByteWriter {
    if (this.#openAt < 0) {
      const { writer } = this.#segment;
      this.#openAt = beginRecord(writer, kind, recording, flags);
      return writer;
    }
    const writer = this.#nestedWriters.pop() ?? new ByteWriter(256);
    beginRecord(writer, kind, recording, flags);
    return writer;
  }

  end(writer: ByteWriter): boolean {
    const segment = this.#segment;
    if (writer !== segment.writer) {
      endRecord(writer, 0);
      this.#nested.raw(writer.written());
      this.#release(writer);
      return true;
    }
    const start = this.#openAt;
    const isFirst = segment.isEmpty;
    endRecord(writer, start);
    this.#openAt = -1;
    segment.to = writer.position;
    if (this.#nested.position > 0) this.#appendNested();
    if (segment.byteLength >= DRAIN_BYTES) this.#drainFull();
    else if (writer.bytes[start + 4] === RecordKind.row) this.#watch(isFirst, segment.clockOf(start));
    else this.#watch(isFirst, this.#writer.clock.now());
    return true;
  }

  abort(writer: ByteWriter): void {
    if (writer !== this.#segment.writer) {
      this.#release(writer);
      return;
    }
    writer.position = this.#openAt;
    this.#openAt = -1;
    if (this.#nested.position === 0) return;
    this.#appendNested();
    this.#watch(true, this.#writer.clock.now());
  }

  define(definition: Definition): void {
    const recording = definition.type === "recording" ? definition.no : 0;
    const writer = this.begin(RecordKind.define, recording);
    writer.raw(encodeDefinition(definition));
    this.end(writer);
  }

  post(command: Command): void {
    if (this.#isBusy) this.#posted.push(command);
    else this.requestSync(command);
  }

  async request(command: Command): Promise<CommandResult> {
    if (this.#isBusy) {
      await Promise.resolve();
      return this.requestSync(command);
    }
    return runAndWait(command, this.#writer, (step) => this.requestSync(step));
  }

  requestSync(command: Command): CommandResult {
    if (this.#isBusy) {
      // a sink or the layout asks for something while it is being called
      return { error: new RerunError("ERR_RERUN_SINK", `${command.type} cannot run inside a sink; call it later`) };
    }
    this.#drain();
    const result = this.exclusively(() => this.#writer.run(command));
    this.#afterDrain();
    return result;
  }

  countDropped(recording: number, reason: DropReason, rows: number): void {
    if (this.#writer.stores.drop(recording, reason, rows)) return;
    this.#drain(); // its definition may not have been read
    this.#writer.stores.drop(recording, reason, rows);
  }

  #release(writer: ByteWriter): void {
    writer.reset();
    if (this.#nestedWriters.length < 4) this.#nestedWriters.push(writer);
  }

  #appendNested(): void {
    const { writer } = this.#segment;
    writer.raw(this.#nested.written());
    this.#segment.to = writer.position;
    this.#nested.reset();
  }

  /** Makes sure that a record of the moment `now` is read in time. */
  #watch(isFirst: boolean, now: number): void {
    if (isFirst && this.#wakeAt > now + this.#tickMillis) this.#wakeIn(this.#tickMillis, now);
    else if (now >= this.#wakeAt) this.#tick();
  }

  #tick(): void {
    if (this.#isBusy) return;
    this.#drain();
    this.exclusively(() => this.#writer.tick());
    this.#afterDrain();
  }

  /** Reads what is there now; what is logged meanwhile waits for the next time. */
  #drain(): void {
    if (this.#isBusy) return;
    const segment = this.#segment;
    const { from, to } = segment;
    this.exclusively(() => {
      if (this.#openAt < 0) {
        this.#segment = this.#spare;
        this.#spare = segment;
        this.#writer.records.read(segment.writer.bytes, from, to);
        segment.clear();
        return;
      }
      // the open record stays where it is, its caller holds the memory; those inside it are not held up
      segment.from = to;
      this.#writer.records.read(segment.writer.bytes, from, to);
      const nested = this.#nested.written().slice();
      this.#nested.reset();
      this.#writer.records.read(nested, 0, nested.length);
    });
  }

  /** A burst has filled the segment; the timer stays as it is. */
  #drainFull(): void {
    if (this.#isBusy) return;
    this.#drain();
    if (this.#writer.clock.now() >= this.#wakeAt) this.#tick();
    else if (this.#timer === undefined) this.#afterDrain();
  }

  /** The writer is not re-entrant: what sinks, hooks and the layout log or ask for meanwhile comes afterwards. */
  exclusively<T>(work: () => T): T {
    const isBusy = this.#isBusy;
    this.#isBusy = true;
    try {
      return work();
    } finally {
      this.#isBusy = isBusy;
      if (!isBusy) for (const command of this.#posted.splice(0)) this.requestSync(command);
    }
  }

  #afterDrain(): void {
    const now = this.#writer.clock.now();
    this.#tickMillis = Math.min(TICK_MILLIS, this.#writer.tickMillis);
    const next = this.#segment.isEmpty ? this.#writer.nextDeadline - now : this.#tickMillis;
    const idle = this.#writer.hasTelemetry ? IDLE_TICK_MILLIS : Number.POSITIVE_INFINITY;
    this.#wakeIn(Math.min(next, idle), now);
  }

  /** One timer, never holding the process; none while nothing waits. */
  #wakeIn(millis: number, now: number): void {
    const wakeAt = now + Math.max(1, millis);
    if (this.#timer !== undefined && this.#wakeAt === wakeAt) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wakeAt = wakeAt;
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tick();
    }, timerMillis(millis));
    this.#timer.unref?.();
  }
}

function warnProcess(message: string): void {
  if (typeof process === "undefined") console.warn(message);
  else process.emitWarning(message, { type: "RerunWarning" });
}

function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return typeof process === "undefined" ? {} : process.env;
}
