import { processState } from "../recording/process-state.ts";
import { exportSpans } from "./export-spans.ts";
import { ensureTracing, setFallbackOptions } from "./provide-tracing.ts";
import { RecordingLogRecordExporter } from "./recording-log-record-exporter.ts";
import { RecordingMetricExporter } from "./recording-metric-exporter.ts";
import type { RecordingTracerProviderOptions } from "./recording-tracer-provider.ts";

/**
 * Gives the core its OpenTelemetry side: a recording as exporter, and spans by hand. Touches no global of the API.
 * @param options how spans are made while nobody registers a provider; `register` names the service here.
 */
export function installOtel(options?: RecordingTracerProviderOptions): void {
  const { hooks } = processState();
  // functions of functions, so that those are not loaded before they are called (scripts/start-up-file.mts)
  hooks.exportSpans ??= (recording, spans) => exportSpans(recording, spans);
  hooks.makeLogRecordExporter ??= (recording) => new RecordingLogRecordExporter({ recording });
  hooks.makeMetricExporter ??= (recording, options) => new RecordingMetricExporter({ ...options, recording });
  hooks.ensureTracing ??= ensureTracing;
  if (options !== undefined) setFallbackOptions(options);
}

export { type ApiCopy, adoptApiCopy, findEsmApi } from "./api-copies.ts";
export { ensureTracing, foreignProvider, offerTracing, ownTracer } from "./provide-tracing.ts";
export { installTap, tapForeignProvider } from "./tap.ts";
