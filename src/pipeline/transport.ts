import type { ByteWriter } from "../bytes/byte-writer.ts";
import type { ArrowMessage } from "../rrd/log-message.ts";
import type { GrpcServerSpec, SinkSpec, SinkStatus } from "../sinks/sink.ts";
import type { SinkDelivery } from "../sinks/sink-delivery.ts";
import type { Definition, RecordKind } from "./record.ts";
import type { WriterHandle } from "./thread-messages.ts";

/**
 * The way from a caller's thread to the writer. Today the writer runs on the same thread (`inline-transport.ts`); a ring
 * and a thread take its place without the callers noticing.
 *
 *   begin ─▶ encode into the returned writer ─▶ end         a record, ordered
 *   define                                                  a definition, ordered before the records that use it
 *   post / request / requestSync                            a command, ordered after the records before it
 */
export interface Transport {
  /** Starts a record; the header is written already. Nested calls (a getter that logs) get a writer of their own. */
  begin(kind: RecordKind, recording: number, flags?: number): ByteWriter;
  /** Publishes the record. False: dropped and counted. */
  end(writer: ByteWriter): boolean;
  /** Forgets the record that was begun, e.g. because a value could not be encoded. */
  abort(writer: ByteWriter): void;
  define(definition: Definition): void;
  post(command: Command): void;
  request(command: Command): Promise<CommandResult>;
  /** Runs the command before it returns; for exit handlers. */
  requestSync(command: Command): CommandResult;
  /** How other threads find the writer; undefined where it is only here. */
  readonly handle?: WriterHandle;
  /** What the writer adds to this thread's numbers. */
  readonly base?: number;
  /** Counts a row that was refused before it became a record. */
  countDropped(recording: number, reason: DropReason, rows: number): void;
}

/** What becomes of a recording that was held in memory until its end: a new file, or nothing at all. */
export type Fate = { readonly file: string } | "discard";

export type DropReason =
  /** The values do not fit their columns. */
  | "encode"
  /** A buffer or the ring was full. */
  | "overflow"
  /** A sink took them and could not write them. */
  | "sink"
  /** The recording ended before it was told where to write. */
  | "no-sink"
  /** Logged after the recording was shut down. */
  | "closed";

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

/** `rec.stats()`. Rows accepted = written + dropped + still pending. */
export interface RecordingStats {
  readonly rowsAccepted: number;
  readonly rowsWritten: number;
  readonly rowsDropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly chunksWritten: number;
  readonly chunksByFlushReason: Readonly<Record<FlushReason, number>>;
  readonly bytesWritten: number;
  readonly spans: number;
  readonly logs: number;
  readonly pending: PendingRows;
  readonly sinks: readonly SinkStatus[];
}

/** What is on its way, in the writer. */
export interface PendingRows {
  /** Accepted, and in no chunk yet. */
  readonly rows: number;
  /** Of these rows. */
  readonly bytes: number;
  /** How long the oldest of them has been there, in milliseconds. */
  readonly ageMillis: number;
  /** How long the records read last had waited for the writer, in milliseconds. */
  readonly lagMillis: number;
}

export type FlushReason = "rows" | "bytes" | "tick" | "manual" | "columns";
