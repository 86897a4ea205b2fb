import { installOtel } from "./otel/install.ts";
import { installWriter } from "./writer-entry.ts";

// The entry for pages: what `index.ts` is for Node, on the page's own thread and without Node. Built with the `*.browser.ts` files in
// the place of those that they are named after (scripts/browser-files.mts).
installWriter();
installOtel();

export { AnyValues } from "./archetypes/any-values.ts";
export * from "./archetypes/index.ts";
export type { DataType } from "./arrow/datatype.ts";
/** Views, containers and panels: what `otel-rerun/blueprint` is for Node. */
export * as blueprint from "./blueprint.ts";
export { RerunError, type RerunErrorCode } from "./errors.ts";
export { BatcherConfig } from "./pipeline/batcher-config.ts";
export type { DropReason, FlushReason, RecordingStats } from "./pipeline/recording-stats.ts";
export type { TimeColumn } from "./pipeline/row-encoder.ts";
export type { FlushError, FlushResult } from "./recording/barriers.ts";
export type { BlueprintRowWriter, LoggableBlueprint } from "./recording/blueprint/blueprint.ts";
export type { ColumnsInput } from "./recording/component-batches.ts";
export {
  getDataRecording,
  getGlobalDataRecording,
  getThreadLocalDataRecording,
  setGlobalDataRecording,
  setThreadLocalDataRecording,
} from "./recording/context/active-recording.ts";
export type { RecordingScope } from "./recording/context/scope.ts";
export { contextWithRecording, recordingFromContext } from "./recording/context/scope.ts";
export type { WeakRecording } from "./recording/context/weak-recording.ts";
export type { EntityPathInput } from "./recording/entity-path-input.ts";
export * from "./recording/free-functions.ts";
export type { ChunksInput } from "./recording/import/chunk-copies.ts";
export type { DataFrameInput } from "./recording/import/data-frame.ts";
export type { LogFileOptions } from "./recording/import/file-import.ts";
export type { RecordBatchOptions } from "./recording/import/record-batch.ts";
export { type InitOptions, init } from "./recording/init.ts";
export { type RecordedOptions, recorded } from "./recording/recorded.ts";
export type {
  BlueprintOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  RecordingStreamOptions,
  SinkOptions,
} from "./recording/recording-options.ts";
export { RecordingStream } from "./recording/recording-stream.ts";
export type { BinaryStream, BinaryStreamOptions } from "./recording/sinks/binary-stream.ts";
export { type BufferedSinkOptions, bufferedSink } from "./recording/sinks/buffered-sink.ts";
export { CallbackSink } from "./recording/sinks/callback-sink.ts";
export type { MemoryRecording } from "./recording/sinks/memory-recording.ts";
export type { RecordingSink } from "./recording/sinks/recording-sink.ts";
export type { SinkHandle } from "./recording/sinks/sink-handle.ts";
export type { ToStreamOptions } from "./recording/sinks/stream-sink.ts";
export type { ExportResult } from "./recording/span-intake.ts";
export { setStrictMode } from "./recording/strict.ts";
export type { TelemetryOptions } from "./recording/telemetry-options.ts";
export { type TimeColumnValues, timeColumn } from "./recording/time/time-column.ts";
export type { Moment, TimeMap, TimeValue } from "./recording/time/time-value.ts";
export { normalizeApplicationId } from "./rrd/application-id.ts";
export type { AsComponents, ComponentBatch, ComponentColumnBatch, ComponentSpec } from "./rrd/component-batch.ts";
export type { ComponentDescriptor } from "./rrd/component-descriptor.ts";
export {
  entityPath,
  entityPathParts,
  escapeEntityPathPart,
  parseEntityPath,
  parseEntityPathStrict,
} from "./rrd/entity-path.ts";
export type { LogMessage } from "./rrd/log-message.ts";
export type { ArrowInput } from "./rrd/reader/arrow-table.ts";
export type { OverflowPolicy, SinkStatus } from "./sinks/sink.ts";
export type { SinkDelivery } from "./sinks/sink-delivery.ts";
export { VERSION as version } from "./version.ts";
