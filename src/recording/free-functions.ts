import type { Span, SpanOptions } from "@opentelemetry/api";
import type { RecordingStats } from "../pipeline/recording-stats.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ArrowInput } from "../rrd/reader/arrow-table.ts";
import type { FlushResult } from "./barriers.ts";
import type { LoggableBlueprint } from "./blueprint/blueprint.ts";
import { checkFunction, checkRecording } from "./checked-arguments.ts";
import type { ColumnsContent } from "./component-batches.ts";
import type { RecordingScope } from "./context/scope.ts";
import type { WeakRecording } from "./context/weak-recording.ts";
import { recordingOf, recordingToWrite, type WithRecording } from "./context/with-recording.ts";
import type { EntityPathInput } from "./entity-path-input.ts";
import type { ChunksInput } from "./import/chunk-copies.ts";
import type { DataFrameInput } from "./import/data-frame.ts";
import type { LogFileOptions } from "./import/file-import.ts";
import type { RecordBatchOptions } from "./import/record-batch.ts";
import type { RecordingHandle } from "./process/share.ts";
import type { LogRecordExporter, MetricExporter, MetricExporterOptions } from "./process/signal-exporters.ts";
import type {
  BlueprintOptions,
  ConnectGrpcOptions,
  FlushOptions,
  Loggable,
  LogOptions,
  SaveOptions,
  ServedRecording,
  ServeGrpcOptions,
  SinkOptions,
} from "./recording-options.ts";
import type { RecordingStream } from "./recording-stream.ts";
import type { BinaryStream, BinaryStreamOptions } from "./sinks/binary-stream.ts";
import type { MemoryRecording } from "./sinks/memory-recording.ts";
import type { RecordingSink } from "./sinks/recording-sink.ts";
import type { SinkHandle } from "./sinks/sink-handle.ts";
import type { SpawnedViewer, SpawnOptions } from "./sinks/spawn-viewer.ts";
import type { NodeWritable, ToStreamOptions } from "./sinks/stream-sink.ts";
import { serveWebViewer as serveViewerPage, type WebViewer, type WebViewerOptions } from "./sinks/web-viewer.ts";
import { runWithoutSpan } from "./span.ts";
import type { TimeMap, TimeValue } from "./time/time-value.ts";

/** `rec.log` */
export function log(entityPath: EntityPathInput, entity: Loggable, options?: LogOptions & WithRecording): void {
  recordingOf(options)?.log(entityPath, entity, options);
}

/** `rec.tryLog`; without a recording there is nothing wrong. */
export function tryLog(entityPath: EntityPathInput, entity: Loggable, options?: LogOptions & WithRecording): unknown {
  return recordingOf(options)?.tryLog(entityPath, entity, options);
}

/** `rec.logBatches` */
export function logBatches(
  entityPath: EntityPathInput,
  batches: readonly ComponentBatch[],
  options?: LogOptions & WithRecording,
): void {
  recordingOf(options)?.logBatches(entityPath, batches, options);
}

/** `rec.sendColumns` */
export function sendColumns(
  entityPath: EntityPathInput,
  content: ColumnsContent,
  options?: { readonly strict?: boolean } & WithRecording,
): void {
  recordingOf(options)?.sendColumns(entityPath, content, options);
}

/** `rec.sendChunks` */
export async function sendChunks(chunks: ChunksInput, options?: WithRecording): Promise<void> {
  await recordingOf(options)?.sendChunks(chunks);
}

/** `rec.sendRecordBatch` */
export async function sendRecordBatch(batch: ArrowInput, options?: RecordBatchOptions & WithRecording): Promise<void> {
  await recordingOf(options)?.sendRecordBatch(batch, options);
}

/** `rec.sendDataFrame` */
export async function sendDataFrame(
  frame: DataFrameInput,
  options?: RecordBatchOptions & WithRecording,
): Promise<void> {
  await recordingOf(options)?.sendDataFrame(frame, options);
}

/** `rec.logFile` */
export async function logFile(path: string | URL, options?: LogFileOptions & WithRecording): Promise<void> {
  await recordingOf(options)?.logFile(path, options);
}

/** `rec.logFileFromContents` */
export async function logFileFromContents(
  name: string,
  contents: Uint8Array,
  options?: LogFileOptions & WithRecording,
): Promise<void> {
  await recordingOf(options)?.logFileFromContents(name, contents, options);
}

/** `rec.sendProperty` */
export function sendProperty(name: string, values: Loggable, options?: WithRecording): void {
  recordingOf(options)?.sendProperty(name, values);
}

/** `rec.sendRecordingName` */
export function sendRecordingName(name: string, options?: WithRecording): void {
  recordingOf(options)?.sendRecordingName(name);
}

/** `rec.sendRecordingStartTime` */
export function sendRecordingStartTime(startTime: Date | bigint, options?: WithRecording): void {
  recordingOf(options)?.sendRecordingStartTime(startTime);
}

/** `rec.setTime` */
export function setTime(timeline: string, value: TimeValue, options?: WithRecording): void {
  recordingOf(options)?.setTime(timeline, value);
}

/** `rec.disableTimeline` */
export function disableTimeline(timeline: string, options?: WithRecording): void {
  recordingOf(options)?.disableTimeline(timeline);
}

/** `rec.resetTime` */
export function resetTime(options?: WithRecording): void {
  recordingOf(options)?.resetTime();
}

/** `rec.logTimeEnabled = enabled` */
export function setLogTimeEnabled(enabled: boolean, options?: WithRecording): void {
  recordingOf(options)?.setLogTimeEnabled(enabled);
}

/** `rec.logTickEnabled = enabled` */
export function setLogTickEnabled(enabled: boolean, options?: WithRecording): void {
  recordingOf(options)?.setLogTickEnabled(enabled);
}

/** `rec.withTime`; without a recording `fn` is only called. */
export function withTime<T>(times: TimeMap, fn: () => T, options?: WithRecording): T {
  const recording = recordingOf(options);
  checkFunction("withTime", fn);
  return recording === undefined ? fn() : recording.withTime(times, fn);
}

/** `rec.bind`; without a recording the target comes back as it is. */
export function bind<T>(target: T, options?: WithRecording): T {
  return recordingOf(options)?.bind(target) ?? target;
}

/** `recording.with` */
export function withRecording<T>(recording: RecordingStream, fn: () => T): T {
  checkRecording("withRecording", recording);
  return recording.with(fn);
}

/** `recording.activate` */
export function activateRecording(recording: RecordingStream): RecordingScope {
  checkRecording("activateRecording", recording);
  return recording.activate();
}

/** `rec.span`; without a recording `fn` is called with a span that records nothing. */
export function span<T>(name: string, fn: (span: Span) => T): T;
export function span<T>(name: string, options: SpanOptions & WithRecording, fn: (span: Span) => T): T;
export function span<T>(
  name: string,
  ...rest: [(span: Span) => T] | [SpanOptions & WithRecording, (span: Span) => T]
): T {
  const [options, fn]: [SpanOptions & WithRecording, (span: Span) => T] = rest.length === 1 ? [{}, rest[0]] : rest;
  const recording = recordingOf(options);
  checkFunction("span", fn);
  return recording === undefined ? runWithoutSpan(fn) : recording.span(name, options, fn);
}

/** `rec.save` */
export function save(path: string | URL, options?: SaveOptions & WithRecording): void {
  recordingToWrite("save", options)?.save(path, options);
}

/** `rec.memoryRecording`; undefined without a recording. */
export function memoryRecording(options?: WithRecording): MemoryRecording | undefined {
  return recordingToWrite("memoryRecording", options)?.memoryRecording();
}

/** `rec.binaryStream`; undefined without a recording. */
export function binaryStream(options?: BinaryStreamOptions & WithRecording): BinaryStream | undefined {
  return recordingToWrite("binaryStream", options)?.binaryStream(options);
}

/** `rec.stdout` */
export function stdout(options?: SinkOptions & WithRecording): void {
  recordingToWrite("stdout", options)?.stdout(options);
}

/** `rec.toStream` */
export function toStream(
  stream: NodeWritable | WritableStream<Uint8Array>,
  options?: ToStreamOptions & SinkOptions & WithRecording,
): void {
  recordingToWrite("toStream", options)?.toStream(stream, options);
}

/** `rec.connectGrpc` */
export function connectGrpc(url?: string, options?: ConnectGrpcOptions & WithRecording): void {
  recordingToWrite("connectGrpc", options)?.connectGrpc(url, options);
}

/** `rec.serveGrpc`; undefined without a recording. */
export async function serveGrpc(options?: ServeGrpcOptions & WithRecording): Promise<ServedRecording | undefined> {
  return await recordingToWrite("serveGrpc", options)?.serveGrpc(options);
}

/** `rec.spawn`; undefined without a recording. */
export async function spawn(options?: SpawnOptions & WithRecording): Promise<SpawnedViewer | undefined> {
  return await recordingToWrite("spawn", options)?.spawn(options);
}

/** `rec.serveWebViewer`; works without a recording too. */
export async function serveWebViewer(options?: WebViewerOptions & WithRecording): Promise<WebViewer> {
  const recording = recordingOf(options);
  return recording === undefined ? serveViewerPage(options) : recording.serveWebViewer(options);
}

/** `rec.setSinks` */
export function setSinks(sinks: readonly RecordingSink[], options?: SinkOptions & WithRecording): void {
  recordingToWrite("setSinks", options)?.setSinks(sinks, options);
}

/** `rec.setSink` */
export function setSink(sink: RecordingSink, options?: SinkOptions & WithRecording): void {
  recordingToWrite("setSink", options)?.setSink(sink, options);
}

/** `rec.addSink`; undefined without a recording. */
export function addSink(sink: RecordingSink, options?: WithRecording): SinkHandle | undefined {
  return recordingToWrite("addSink", options)?.addSink(sink);
}

/** `rec.disconnect` */
export async function disconnect(options?: WithRecording): Promise<void> {
  await recordingOf(options)?.disconnect();
}

/** `rec.finalize` */
export async function finalize(options?: WithRecording): Promise<void> {
  await recordingOf(options)?.finalize();
}

/** `rec.weak`; undefined without a recording. */
export function weak(options?: WithRecording): WeakRecording | undefined {
  return recordingOf(options)?.weak();
}

/** `rec.share`; undefined without a recording. */
export function share(options?: WithRecording): RecordingHandle | undefined {
  return recordingOf(options)?.share();
}

/** `rec.sendBlueprint` */
export function sendBlueprint(blueprint: LoggableBlueprint, options?: BlueprintOptions & WithRecording): void {
  recordingOf(options)?.sendBlueprint(blueprint, options);
}

/** `rec.flush` */
export async function flush(options?: FlushOptions & WithRecording): Promise<FlushResult> {
  return (await recordingOf(options)?.flush(options)) ?? { sinks: [] };
}

/** `rec.shutdown` of the active recording. Always ends it, unlike the method without options. */
export async function shutdown(options?: FlushOptions & WithRecording): Promise<void> {
  await recordingOf(options)?.shutdown(options ?? {});
}

/** `rec.logRecordExporter`; undefined without a recording. */
export function logRecordExporter(options?: WithRecording): LogRecordExporter | undefined {
  return recordingOf(options)?.logRecordExporter();
}

/** `rec.metricExporter`; undefined without a recording. */
export function metricExporter(options?: MetricExporterOptions & WithRecording): MetricExporter | undefined {
  return recordingOf(options)?.metricExporter(options);
}

/** `rec.stats`; undefined without a recording. */
export function stats(options?: WithRecording): RecordingStats | undefined {
  return recordingOf(options)?.stats();
}

/** Whether there is a recording and it records. */
export function isEnabled(options?: WithRecording): boolean {
  return recordingOf(options)?.enabled ?? false;
}

/** `rec.applicationId`; undefined without a recording. */
export function getApplicationId(options?: WithRecording): string | undefined {
  return recordingOf(options)?.applicationId;
}

/** `rec.recordingId`; undefined without a recording. */
export function getRecordingId(options?: WithRecording): string | undefined {
  return recordingOf(options)?.recordingId;
}
