import { type Context, TraceFlags } from "@opentelemetry/api";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { Intake, type IntakeOptions } from "../intake.ts";
import type { FlushScheduleOptions } from "../recordings/flush-schedule.ts";
import { claimEnd, claimStart } from "../recordings/span-ledger.ts";
import { TraceRecordings } from "../recordings/trace-recordings.ts";
import { recordingOfTree, setRecordingOfSpan } from "../recordings/tree-recordings.ts";
import { spanFromReadable, spanStartFromReadable } from "./from-readable-span.ts";
import type { ReadableSpan, SpanProcessor } from "./types.ts";

export interface RecordingSpanProcessorOptions extends IntakeOptions, FlushScheduleOptions {
  /** Also records spans that a sampler marked as "record, but do not sample". Default false, as with exporters. */
  readonly includeUnsampled?: boolean;
}

/**
 * Puts an SDK's spans into recordings, each into the one of its context, and shows spans in progress.
 *
 * A span goes to, first that exists: the `recording` option, the recording of its parent context, the one `recordPer` gives its
 * request or trace, that of the open spans of its trace, the active recording. It ends where it started, whatever is active by then.
 */
export class RecordingSpanProcessor implements SpanProcessor {
  readonly #intake: Intake;
  readonly #includeUnsampled: boolean;
  /** The SDK hands the same object to `onStart` and `onEnd`, on all three lines. */
  readonly #routes = new WeakMap<ReadableSpan, RecordingStream>();
  readonly #traces = new TraceRecordings();

  constructor(options: RecordingSpanProcessorOptions = {}) {
    this.#intake = new Intake("RecordingSpanProcessor", options, "OTEL_BSP", ["includeUnsampled"]);
    this.#includeUnsampled = options?.includeUnsampled ?? false;
  }

  /** Spans that ended after shutdown and were not recorded (I3). */
  get refused(): number {
    return this.#intake.refused;
  }

  onStart(span: ReadableSpan, parentContext: Context): void {
    const traceId = this.#traceIdOf(span);
    if (traceId === undefined || this.#intake.isClosed) return;
    const tree = this.#intake.isFixed ? undefined : recordingOfTree(parentContext, traceId, span.kind);
    const recording = tree ?? this.#intake.routed(parentContext) ?? this.#traces.get(traceId) ?? this.#intake.resolve();
    this.#intake.take(recording, 0, (target) => {
      if (tree !== undefined) setRecordingOfSpan(span, tree);
      this.#routes.set(span, target);
      this.#traces.open(traceId, target);
      if (claimStart(span, target)) telemetryRecorder(target).spanStart(spanStartFromReadable(span));
    });
  }

  onEnd(span: ReadableSpan): void {
    const traceId = this.#traceIdOf(span);
    if (traceId === undefined) return;
    const route = this.#routes.get(span);
    // No route: it started before there was a recording, or before this processor was there.
    const recording = route ?? this.#traces.get(traceId) ?? this.#intake.resolve();
    if (route !== undefined) this.#traces.close(traceId);
    this.#intake.take(recording, 1, (target) => {
      if (claimEnd(span, target)) telemetryRecorder(target).spanEnd(spanFromReadable(span));
    });
  }

  forceFlush(): Promise<void> {
    return this.#intake.flush();
  }

  /** Flushes and takes nothing more. The recordings stay open. */
  shutdown(): Promise<void> {
    return this.#intake.shutdown();
  }

  /** `undefined` for a span that is not wanted, or that is none: nothing may throw into the code that made it (I1). */
  #traceIdOf(span: ReadableSpan): string | undefined {
    try {
      const { traceId, traceFlags } = span.spanContext();
      return this.#includeUnsampled || (traceFlags & TraceFlags.SAMPLED) !== 0 ? traceId : undefined;
    } catch {
      return undefined;
    }
  }
}
