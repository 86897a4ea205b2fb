import type { ByteWriter } from "../bytes/byte-writer.ts";
import { RecordKind } from "../pipeline/record.ts";
import { type RecordingInternals, recordingInternals } from "../recording/internals.ts";
import { processState } from "../recording/process/process-state.ts";
import type { RecordingStream } from "../recording/recording-stream.ts";
import { writeLogRecord } from "./log-codec.ts";
import { writeMetricPoint } from "./metric-codec.ts";
import type { LogRecord, MetricPoint, Resource, Scope, Span, SpanStart } from "./model.ts";
import { OriginWriter } from "./origins.ts";
import { writeSpan, writeSpanStart } from "./span-codec.ts";

/**
 * The caller's side of telemetry: puts spans, logs and metric points of the neutral model into a recording, as records that
 * the layout reads on the writer's side. No method throws or waits (I1).
 */
export interface TelemetryRecorder {
  spanStart(span: SpanStart): void;
  spanEnd(span: Span): void;
  log(record: LogRecord): void;
  metric(point: MetricPoint): void;
}

/** One per recording, made at its first use. */
export function telemetryRecorder(recording: RecordingStream): TelemetryRecorder {
  let recorder = recorders.get(recording);
  if (recorder === undefined) {
    recorder = new RecordRecorder(recordingInternals(recording));
    recorders.set(recording, recorder);
  }
  return recorder;
}

const recorders = new WeakMap<RecordingStream, TelemetryRecorder>();

class RecordRecorder implements TelemetryRecorder {
  readonly #recording: RecordingInternals;
  readonly #origins: OriginWriter;

  constructor(recording: RecordingInternals) {
    this.#recording = recording;
    this.#origins = new OriginWriter((value) => {
      recording.transport.define({ type: "telemetry", recording: recording.no, value });
    });
  }

  spanStart(span: SpanStart): void {
    const current = this.#current;
    current.#recording.spanWatcher?.spanStarted(span);
    current.#record(RecordKind.spanStart, span, writeCleanSpanStart);
  }

  spanEnd(span: Span): void {
    const current = this.#current;
    current.#record(RecordKind.spanEnd, span, writeCleanSpan);
    current.#recording.spanWatcher?.spanEnded(span);
  }

  log(record: LogRecord): void {
    this.#current.#record(RecordKind.log, record, writeCleanLogRecord);
  }

  metric(point: MetricPoint): void {
    this.#current.#record(RecordKind.metric, point, writeMetricPoint);
  }

  /** What comes after the end of a recording goes to its successor, if there is one. */
  get #current(): RecordRecorder {
    const { successor } = this.#recording;
    return successor === undefined ? this : (telemetryRecorder(successor()) as RecordRecorder);
  }

  #record<T extends { readonly resource: Resource; readonly scope?: Scope }>(
    kind: RecordKind,
    value: T,
    write: (writer: ByteWriter, value: T, origins: OriginWriter) => void,
  ): void {
    const { transport, no } = this.#recording;
    // before the record begins: a definition inside it would come after it
    this.#origins.resource(value.resource);
    if (value.scope !== undefined) this.#origins.scope(value.scope);
    const writer = transport.begin(kind, no);
    try {
      write(writer, value, this.#origins);
    } catch {
      // a getter of an attribute threw, or a value is not what its type says
      transport.abort(writer);
      transport.countDropped(no, "encode", 1);
      return;
    }
    transport.end(writer);
  }
}

// What takes secrets out (I12) runs inside the record, so that a failure of its drops the record instead of letting a secret through.

function writeCleanSpanStart(writer: ByteWriter, start: SpanStart, origins: OriginWriter): void {
  writeSpanStart(writer, processState().hooks.redact?.("start", start) ?? start, origins);
}

function writeCleanSpan(writer: ByteWriter, span: Span, origins: OriginWriter): void {
  writeSpan(writer, processState().hooks.redact?.("span", span) ?? span, origins);
}

function writeCleanLogRecord(writer: ByteWriter, record: LogRecord, origins: OriginWriter): void {
  writeLogRecord(writer, processState().hooks.redact?.("log", record) ?? record, origins);
}
