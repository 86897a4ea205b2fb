import type { ArrowMessage } from "../rrd/log-message.ts";
import type { GrpcServerSpec, SinkSpec } from "../sinks/sink.ts";
import type { SinkDelivery } from "../sinks/sink-delivery.ts";
import type { DropReason, RecordingStats } from "./recording-stats.ts";

/** What becomes of a recording that was held in memory until its end: a new file, or nothing at all. */
export type Fate = { readonly file: string } | "discard";

/** What recordings ask of the writer besides writing rows. */
export type Command =
  /** Replaces the sinks; what was buffered until now goes to the new ones. `isAdded`: those that are there stay. */
  | {
      readonly type: "set-sinks";
      readonly recording: number;
      readonly sinks: readonly SinkSpec[];
      readonly isAdded?: boolean;
    }
  /** Completes one of the sinks (`sinkKey`); those that are left stay. */
  | { readonly type: "remove-sink"; readonly recording: number; readonly key: string }
  /** Begins to serve, so that a port that is taken is known before a recording depends on it. */
  | { readonly type: "listen"; readonly server: GrpcServerSpec }
  /** All rows accepted so far become chunks and are given to the sinks, which are flushed. */
  | { readonly type: "flush"; readonly recording?: number; readonly timeoutMillis: number }
  /** Sends the activation of a blueprint store whose rows were logged before (rrd-format §9.1). */
  | {
      readonly type: "activate";
      readonly recording: number;
      readonly makeActive: boolean;
      readonly makeDefault: boolean;
    }
  /** Sends chunks that were read from a file, as chunks of this recording. */
  | { readonly type: "copy"; readonly recording: number; readonly chunks: readonly ArrowMessage[] }
  /** Flush, summary, footer, close. `recording` undefined: all of them (process exit). */
  | { readonly type: "close"; readonly recording?: number; readonly timeoutMillis: number; readonly fate?: Fate }
  | { readonly type: "stats"; readonly recording: number }
  /** Rows that were refused before they became records. */
  | { readonly type: "dropped"; readonly recording: number; readonly reason: DropReason; readonly rows: number }
  /** Takes what a memory sink holds, as one complete RRD stream. */
  | { readonly type: "drain-memory"; readonly id: number; readonly timeoutMillis: number }
  /** Writes what the black boxes hold to files. */
  | { readonly type: "dump"; readonly reason: string; readonly timeoutMillis: number }
  /** Takes what waits for the program. */
  | { readonly type: "drain-feed"; readonly id: string };

export interface CommandResult {
  readonly error?: Error;
  /** Of a flush: how far each sink is. */
  readonly deliveries?: readonly SinkDelivery[];
  readonly stats?: RecordingStats;
  readonly bytes?: Uint8Array;
  /** That were written. */
  readonly files?: readonly string[];
  /** That is served now. */
  readonly port?: number;
}
