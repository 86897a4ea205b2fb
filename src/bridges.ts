/** `otel-rerun/bridges`: traces, logs and metrics of other tools, as recordings. */
import { installWriter } from "./writer-entry.ts";

installWriter();

// For applications.

export { type ConvertOptions, type ConvertResult, convert } from "./bridges/convert.ts";
export { type DetectedFormat, detectFormat, type InputFormat } from "./bridges/detect.ts";
export type { ConvertInput } from "./bridges/input/input-bytes.ts";
export type { ConvertProblem } from "./bridges/problem.ts";
export { OtlpReceiver, type OtlpReceiverOptions } from "./bridges/receiver/otlp-receiver.ts";
export type { TelemetryCounts } from "./bridges/tally.ts";
export { type ExportedTraces, type ExportFormat, type ExportOptions, exportTrace } from "./page/export-trace.ts";

// For other libraries.

export type { Destination } from "./bridges/destination.ts";
export type { Compression } from "./bridges/input/decompress.ts";
export type { Framing } from "./bridges/otlp/frames.ts";
export type { AssembledTrace } from "./bridges/trace-assembler.ts";
