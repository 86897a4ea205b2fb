import { processState } from "../recording/process/process-state.ts";
import { exportSpans } from "./sdk/export-spans.ts";
import { RecordingLogRecordExporter } from "./sdk/recording-log-record-exporter.ts";
import { RecordingMetricExporter } from "./sdk/recording-metric-exporter.ts";
import { ensureTracing, setFallbackOptions } from "./tracer/provide-tracing.ts";
import type { RecordingTracerProviderOptions } from "./tracer/recording-tracer-provider.ts";

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

export { installTap, tapForeignProvider } from "./sdk/tap.ts";
export { type ApiCopy, adoptApiCopy, findEsmApi } from "./tracer/api-copies.ts";
export { ensureTracing, foreignProvider, offerTracing, ownTracer } from "./tracer/provide-tracing.ts";
