/** `otel-rerun/reader`: recordings back from their files, ours and those of every other Rerun SDK. */

// For applications.

export { RerunError, type RerunErrorCode } from "./errors.ts";
export { openRrd, recover } from "./pipeline/journal/journaled-reader.ts";
export type { RrdInput } from "./rrd/reader/open-rrd.ts";
export type { RrdProblem } from "./rrd/reader/problem.ts";
export type { Recovery } from "./rrd/reader/recover.ts";
export type { RrdChunk, RrdComponentColumn, RrdTimelineColumn } from "./rrd/reader/rrd-chunk.ts";
export type { ChunkSelection, RrdReader } from "./rrd/reader/rrd-reader.ts";

// For other libraries.

export type { ComponentDescriptor } from "./rrd/component-descriptor.ts";
export type { ActivationMessage, ArrowMessage, ChunkSummary, LogMessage, StoreInfoMessage } from "./rrd/log-message.ts";
export type { ArrowBatch, ArrowColumn } from "./rrd/reader/arrow-batch.ts";
export type { StoreId, StoreKind } from "./rrd/store-id.ts";
export type { Timeline, TimelineType } from "./rrd/timeline.ts";
