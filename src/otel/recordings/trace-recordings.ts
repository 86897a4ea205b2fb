import type { RecordingStream } from "../../recording/recording-stream.ts";

/** Traces that are remembered at once (I7). A trace whose spans never end is forgotten when this many newer ones have come. */
const MAX_TRACES = 10_000;

interface OpenTrace {
  readonly recording: RecordingStream;
  openSpans: number;
}

/** Which recording the open spans of a trace go to, for children whose context lost it on the way. */
export class TraceRecordings {
  readonly #traces = new Map<string, OpenTrace>();

  get(traceId: string): RecordingStream | undefined {
    return this.#traces.get(traceId)?.recording;
  }

  /** A span of the trace has started. The first span of a trace decides. */
  open(traceId: string, recording: RecordingStream): void {
    const trace = this.#traces.get(traceId);
    if (trace !== undefined) {
      trace.openSpans++;
      return;
    }
    if (this.#traces.size >= MAX_TRACES) {
      const oldest = this.#traces.keys().next();
      if (!oldest.done) this.#traces.delete(oldest.value);
    }
    this.#traces.set(traceId, { recording, openSpans: 1 });
  }

  /** A span of the trace has ended. */
  close(traceId: string): void {
    const trace = this.#traces.get(traceId);
    if (trace !== undefined && --trace.openSpans === 0) this.#traces.delete(traceId);
  }
}
