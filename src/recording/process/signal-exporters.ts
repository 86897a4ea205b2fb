import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import type { RecordingStream } from "../recording-stream.ts";
import type { ExportResult } from "../span-intake.ts";
import { processState } from "./process-state.ts";

/** What all exporters of OpenTelemetry's SDKs have in common. */
interface SignalExporter<T> {
  /** Calls back exactly once; after `shutdown` with failure. */
  export(items: T, resultCallback: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  /** Ends the exporter, not the recording. */
  shutdown(): Promise<void>;
}

/** For a `LogRecordProcessor` of any SDK line; the records are structural (`ReadableLogRecord` of `otel-rerun/otel`). */
// biome-ignore lint/suspicious/noExplicitAny: whichever type the SDK has, without depending on one
export interface LogRecordExporter extends SignalExporter<any[]> {}

/** For a `PeriodicExportingMetricReader` of any SDK line. */
// biome-ignore lint/suspicious/noExplicitAny: whichever type the SDK has, without depending on one
export interface MetricExporter extends SignalExporter<any> {
  /** Asked by the reader for each kind of instrument. */
  selectAggregationTemporality(instrumentType?: unknown): number;
}

export interface MetricExporterOptions {
  /** Default "cumulative": each point of a plot stands alone. */
  readonly temporality?: "cumulative" | "delta";
}

const NAMES = optionNames<MetricExporterOptions>({ temporality: true });

export function logRecordExporter(recording: RecordingStream): LogRecordExporter {
  const make = processState().hooks.makeLogRecordExporter;
  if (make === undefined) throw nothingThere("log records");
  return make(recording);
}

export function metricExporter(recording: RecordingStream, options: MetricExporterOptions): MetricExporter {
  const checked = checkedOptions("metricExporter", options, NAMES);
  const make = processState().hooks.makeMetricExporter;
  if (make === undefined) throw nothingThere("metrics");
  return make(recording, checked);
}

function nothingThere(what: string): RerunError {
  return new RerunError("ERR_RERUN_SINK", `nothing is there to record ${what}; import "otel-rerun" before its parts`);
}
