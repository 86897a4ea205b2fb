import { type RecordingInternals, recordingInternals } from "../recording/internals.ts";
import type { RecordingStream } from "../recording/recording-stream.ts";
import type { LogRecord, MetricPoint } from "../telemetry/model.ts";
import { type TelemetryRecorder, telemetryRecorder } from "../telemetry/recorder.ts";
import type { Destination } from "./destination.ts";
import { emitTrace } from "./emit-trace.ts";
import type { AssembledTrace } from "./trace-assembler.ts";

/** Items in front of the writer; more are handed over when it has caught up. */
const MAX_AHEAD = 10_000;

/** A writer that does not come to a question within its deadline is asked again: about a minute. */
const MAX_QUESTIONS = 60;

/**
 * Into a recording, as live telemetry goes; but a file waits. Whoever logs is never kept for longer than 100 ms, then rows are dropped and
 * counted (I1, I3), and a gigabyte that was converted on a busy machine lacked 876,000 of them.
 */
export class RecordingDestination implements Destination {
  readonly #recorder: TelemetryRecorder;
  readonly #internals: RecordingInternals;
  #ahead = 0;
  #caughtUp: Promise<void> = Promise.resolve();

  constructor(recording: RecordingStream) {
    this.#recorder = telemetryRecorder(recording);
    this.#internals = recordingInternals(recording);
  }

  trace(trace: AssembledTrace): void {
    emitTrace(this.#recorder, trace);
    this.#handedOver(trace.spans.length + trace.logs.length);
  }

  log(record: LogRecord): void {
    this.#recorder.log(record);
    this.#handedOver(1);
  }

  point(point: MetricPoint): void {
    this.#recorder.metric(point);
    this.#handedOver(1);
  }

  /** Resolves when the writer has read what came before the last call, so that it and the reader of the file both have work. */
  async drained(): Promise<void> {
    if (this.#ahead === 0) return;
    this.#ahead = 0;
    const before = this.#caughtUp;
    this.#caughtUp = this.#catchUp();
    await before;
  }

  /** Many at once, as at the end of a file, do not wait for `drained`. */
  #handedOver(items: number): void {
    this.#ahead += items;
    if (this.#ahead < MAX_AHEAD) return;
    this.#ahead = 0;
    const { transport, no } = this.#internals;
    for (let asked = 0; asked < MAX_QUESTIONS; asked++) {
      if (transport.requestSync({ type: "stats", recording: no }).stats !== undefined) return;
    }
  }

  async #catchUp(): Promise<void> {
    const { transport, no } = this.#internals;
    for (let asked = 0; asked < MAX_QUESTIONS; asked++) {
      if ((await transport.request({ type: "stats", recording: no })).stats !== undefined) return;
    }
  }
}
