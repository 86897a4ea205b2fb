import { type Context, context as contextApi, isSpanContextValid, trace } from "@opentelemetry/api";
import { getDataRecording } from "../../recording/context/active-recording.ts";
import { recordingFromContext } from "../../recording/context/scope.ts";
import { recordingInternals } from "../../recording/internals.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import type { Resource, Scope } from "../../telemetry/model.ts";
import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { toAttributes, toAttributeValue } from "../attributes.ts";
import { resourcePerRecording } from "../sdk/resource.ts";
import { wallNanos } from "../wall-clock.ts";
import { isTimeInput, SpanTime } from "./span-time.ts";

/** What the logs API hands to a logger, of any version of it. */
export interface EmittedLogRecord {
  readonly timestamp?: unknown;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: unknown;
  readonly eventName?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly context?: Context;
}

export interface RecordingLoggerProviderOptions {
  /** Attributes of the service. Default: from the `OTEL_*` variables; the service is named like the application id. */
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
}

/**
 * Loggers that write straight into the recording of their context, tied to its span. Matched by shape: the logs API is a package of
 * its own until API 1.10. Never throws (I1).
 */
export class RecordingLoggerProvider {
  readonly #resourceOf: (recording: RecordingStream) => Resource;

  constructor(options: RecordingLoggerProviderOptions = {}) {
    this.#resourceOf = resourcePerRecording(options.resource?.attributes);
  }

  getLogger(name: string, version?: string): { emit(record: EmittedLogRecord): void; enabled(): boolean } {
    const scope: Scope = version ? { name, version } : { name };
    return { emit: (record) => this.#emit(scope, record), enabled: () => getDataRecording() !== undefined };
  }

  #emit(scope: Scope, record: EmittedLogRecord): void {
    const active = record.context ?? contextApi.active();
    const recording = recordingFromContext(active) ?? getDataRecording();
    if (recording === undefined || !recordingInternals(recording).isOpen) return;
    const span = trace.getSpanContext(active);
    telemetryRecorder(recording).log({
      time: isTimeInput(record.timestamp) ? new SpanTime(record.timestamp).start : wallNanos(),
      body: toAttributeValue(record.body) ?? null,
      attributes: toAttributes(record.attributes),
      scope,
      resource: this.#resourceOf(recording),
      ...(record.severityNumber ? { severityNumber: record.severityNumber } : undefined),
      ...(record.severityText ? { severityText: record.severityText } : undefined),
      ...(record.eventName ? { eventName: record.eventName } : undefined),
      ...(span !== undefined && isSpanContextValid(span) && { traceId: span.traceId, spanId: span.spanId }),
    });
  }
}
