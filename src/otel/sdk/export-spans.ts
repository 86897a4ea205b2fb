import { diag } from "@opentelemetry/api";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import { telemetryRecorder } from "../../telemetry/recorder.ts";
import { claimEnd } from "../recordings/span-ledger.ts";
import { spanFromReadable } from "./from-readable-span.ts";
import type { ReadableSpan } from "./types.ts";

/** Records finished spans of any SDK line. One that cannot be read is left out and told to `diag`; the rest goes on. */
export function exportSpans(recording: RecordingStream, spans: readonly unknown[]): void {
  const recorder = telemetryRecorder(recording);
  for (const span of spans as readonly ReadableSpan[]) {
    try {
      if (claimEnd(span, recording)) recorder.spanEnd(spanFromReadable(span));
    } catch (error) {
      diag.error("otel-rerun: left out a span that is not a ReadableSpan of SDK 1, 2 or 3", error);
    }
  }
}
