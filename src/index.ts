import { installOtel } from "./otel/install.ts";
import { installWriter } from "./writer-entry.ts";

// What this entry does when it is loaded: it fills two hooks. Nothing runs, opens or is patched before the first row.
installWriter();
installOtel();

export { AnyValues } from "./archetypes/any-values.ts";
// For applications: recordings, what to log, when, and what goes wrong.
export * from "./archetypes/index.ts";
// For libraries that build on this one: own archetypes, contexts, thresholds, numbers.
export type { DataType } from "./arrow/datatype.ts";
export { RerunError, type RerunErrorCode } from "./errors.ts";
export { BatcherConfig } from "./pipeline/batcher-config.ts";
export type { TimeColumn } from "./pipeline/row-encoder.ts";
export type { DropReason, FlushReason, RecordingStats } from "./pipeline/transport.ts";
export {
  getDataRecording,
  getGlobalDataRecording,
  getThreadLocalDataRecording,
  setGlobalDataRecording,
  setThreadLocalDataRecording,
} from "./recording/active-recording.ts";
export type { BlueprintRowWriter, LoggableBlueprint } from "./recording/blueprint.ts";
export type { ColumnsInput } from "./recording/component-batches.ts";
export type { EntityPathInput } from "./recording/entity-path-input.ts";
export * from "./recording/free-functions.ts";
export { type InitOptions, init } from "./recording/init.ts";
export type { MemoryRecording } from "./recording/memory-recording.ts";
export type {
  BlueprintOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  RecordingStreamOptions,
  SaveOptions,
} from "./recording/recording-options.ts";
export { RecordingStream } from "./recording/recording-stream.ts";
export type { RecordingScope } from "./recording/scope.ts";
export { contextWithRecording, recordingFromContext } from "./recording/scope.ts";
export type { RecordingHandle } from "./recording/share.ts";
export type { ExportResult } from "./recording/span-intake.ts";
export { setStrictMode } from "./recording/strict.ts";
export type { TelemetryOptions } from "./recording/telemetry-options.ts";
export { type TimeColumnValues, timeColumn } from "./recording/time-column.ts";
export type { TimeValue } from "./recording/time-value.ts";
export type { AsComponents, ComponentBatch, ComponentColumnBatch, ComponentSpec } from "./rrd/component-batch.ts";
export type { ComponentDescriptor } from "./rrd/component-descriptor.ts";
export type { SinkStatus } from "./sinks/sink.ts";
export { VERSION as version } from "./version.ts";
