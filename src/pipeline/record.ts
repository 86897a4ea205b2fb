import type { ComponentSpec } from "../rrd/component-batch.ts";
import type { StoreId } from "../rrd/store-id.ts";
import type { Timeline } from "../rrd/timeline.ts";
import type { BatcherConfig } from "./batcher-config.ts";
import type { HookName } from "./batcher-hooks.ts";

/**
 * Records: what a caller's thread hands to the writer. All are 8-byte aligned and start with the same header.
 *
 *   u32 size (whole record, multiple of 8) · u8 kind · u8 flags · u16 reserved · u32 recording · u32 reserved
 *
 * Numbers for recordings, paths and shapes are given out by the transport's caller side and never reused.
 * Telemetry records (`spanStart` … `metric`) are opaque here: the expander reads them.
 */
export const RecordKind = {
  /** A filler up to the end of the memory: a record never wraps. */
  pad: 0,
  /** A `Definition`, see `definition-codec.ts`. */
  define: 1,
  /** u32 path: it gets no more rows under this number. */
  forget: 2,
  /** u32 path · u32 shape · f64 caller's `performance.now()` · i64 per timeline of the shape · per column: u32 n, packed(T, n). */
  row: 3,
  spanStart: 4,
  spanEnd: 5,
  log: 6,
  metric: 7,
  blob: 8,
  barrier: 9,
  /** u32 path · u32 shape · u32 rows · up to 8 bytes · per timeline: i64 × rows · per column: as `ListColumn` says. */
  columns: 10,
} as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

export const RECORD_HEADER_BYTES = 16;

/** The numbers of one thread are below this; the writer adds its multiples to those of others. */
export const BASE = 2 ** 32;

/** Whose it is, of a number as the writer knows it. */
export function threadOf(no: number): number {
  return Math.floor(no / BASE);
}

/** Bits of the header's flags. */
export const RecordFlag = {
  /** The first row after `setTime`: row ids start a new epoch (pipeline-spike §3). */
  timeChanged: 1,
} as const;

export type Definition =
  | {
      readonly type: "recording";
      readonly no: number;
      readonly store: StoreId;
      /** Explicit configuration of the user; undefined: sink default and environment. */
      readonly batcher?: Partial<BatcherConfig>;
      /** What its thread wants to hear of the batch processor. */
      readonly hooks?: readonly HookName[];
      /** Part of a recording of another thread: the number there, that thread's base included. */
      readonly attachedTo?: number;
      /** Write to the sinks of that recording instead of own ones (blueprints). */
      readonly sinksOf?: number;
      /** Held in memory until its end decides what becomes of it; all that are share one limit. */
      readonly isHeld?: boolean;
      /** Read by the expander; see recording/telemetry-options.ts. */
      readonly telemetry?: unknown;
    }
  | { readonly type: "path"; readonly no: number; readonly recording: number; readonly entityPath: string }
  | { readonly type: "shape"; readonly no: number; readonly shape: ShapeDefinition }
  /** Handed to the expander as it is. The value does not change: it is encoded once. */
  | { readonly type: "telemetry"; readonly recording: number; readonly value: object };

/** The ordered columns of a row. Timelines are sorted by name, components by (archetype, component), as official writers do. */
export interface ShapeDefinition {
  readonly isStatic: boolean;
  /** Adds `log_time` from the record's clock. */
  readonly logTime: boolean;
  /** User timelines, and `log_tick` when it is on; one i64 each in every row. */
  readonly timelines: readonly Timeline[];
  readonly columns: readonly ComponentSpec[];
}
