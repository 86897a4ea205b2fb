import type { LogMessage } from "../rrd/log-message.ts";
import type { StoreId } from "../rrd/store-id.ts";

/** What goes when a queue is full: the oldest temporal chunks (never static ones, blueprints or store infos), or what comes next. */
export type OverflowPolicy = "drop-oldest" | "drop-newest";

/** What `rec.stats()` says of one sink. */
export interface SinkStatus {
  readonly kind: string;
  /** `failing`: messages are counted as lost until writing works again. */
  readonly state: "open" | "failing" | "closed";
  readonly messages: number;
  readonly bytes: number;
  readonly lostMessages: number;
  readonly lostRows: number;
  /** Messages that wait in the sink. */
  readonly queuedMessages?: number;
  /** Bytes that wait in the sink. */
  readonly queuedBytes?: number;
  /** Of a sink that queues. What goes is counted. */
  readonly overflow?: OverflowPolicy;
  /** Bytes of rows on disk beside the file, which are in no chunk yet. */
  readonly journalBytes?: number;
  /** Rows in segments that were removed to stay below `maxBytes` or within `retain`, or by somebody else while they were written. */
  readonly removedRows?: number;
  /** Of a sink that sends to somebody: `lost` after it was there, tried again with growing pauses. */
  readonly connection?: "connecting" | "connected" | "lost";
  /** Viewers that are reading from this server. */
  readonly readers?: number;
  readonly error?: Error;
}

/**
 * Where whole messages go. Implementations know nothing of rows.
 *
 * The writer calls `write` in order, from one thread; a sink that needs I/O in the background queues. No method throws: a
 * failure is kept in `status` and reported by `flush` (I1, I2).
 */
export interface Sink {
  /**
   * Takes one message. The payload may not be kept after the call unless copied, nor `rowIds`: of its rows, 16 bytes each, where a
   * journal may have them.
   */
  write(message: LogMessage, rowIds?: Uint8Array): void;
  /**
   * Resolves when all that was written before has left the process as far as this sink promises. `isExit`: the process ends, so
   * whom nobody has ever reached is not waited for.
   */
  flush(deadlineMillis: number, isExit?: boolean): Promise<void>;
  /** The same without a promise, for exit handlers: does what can be done synchronously. */
  flushSync(): void;
  /** Writes what makes the output complete (a footer). Further messages start anew or are counted as lost. Idempotent. */
  finalize(): void;
  /** In `patience` at most, where somebody has to take what is left. */
  close(patience?: Patience): void;
  /** After `close`: resolves when the other side has been told. */
  readonly closed?: Promise<void> | undefined;
  /** The writer has nothing more for now: what was collected may go out in one piece. */
  drained?(): void;
  /** What nobody has read yet, for the sinks that replace this one; the sink is empty afterwards. */
  takeBacklog?(): readonly LogMessage[];
  /** How another writer goes on with what this one has open. */
  readonly resumable?: FileSinkSpec;
  /** From 1 on, grows with each new file that it writes to. */
  readonly segmentNo?: number;
  /** Rows that are in its memory only: they go with the writer. Undefined: none. */
  readonly heldRows?: number;
  /** Somebody is watching: rows should not wait for company (low-latency thresholds). Default false. */
  readonly isLive?: boolean;
  readonly status: SinkStatus;
}

/** How long a sink that is closed may hold up its thread. */
export interface Patience {
  readonly millis: number;
  /** The process ends: whoever still takes something gets that long again and again, as there is no later. */
  readonly isExit: boolean;
}

/** Told of every message that was taken and then lost, so that the rows of each recording can be counted (I3). */
export type OnLost = (message: LostMessage) => void;

export interface LostMessage {
  readonly store: StoreId;
  readonly rows: number;
}

/** When a file is forced to the disk, so that it outlives the machine and not only the process. */
export type FsyncPolicy =
  /** The operating system decides. */
  | "never"
  /** At every flush and at the end. */
  | "flush"
  /** Once a second while there is something new, and at the end. */
  | "interval";

/** A segment of a file that is complete, or failed. */
export interface ClosedSegment {
  readonly path: string;
  readonly bytes: number;
  /** In it, and in the journal that was left beside it. */
  readonly rows: number;
  /** Of that. */
  readonly journalBytes?: number;
}

export interface FileSinkSpec {
  readonly kind: "file";
  /** Where the file is in the end. */
  readonly path: string;
  readonly fd: number;
  readonly writeFooter: boolean;
  /** Bytes on disk of all segments. */
  readonly maxBytes?: number;
  /** Size at which a segment ends. Default: a quarter of `maxBytes`. */
  readonly rotateBytes?: number;
  /** Age at which a segment ends. */
  readonly rotateMillis?: number;
  /** Segments that are kept, the current one included. */
  readonly retain?: number;
  /** Default "never". */
  readonly fsync?: FsyncPolicy;
  /** Written as `<path>.part`, renamed when it is complete. */
  readonly isAtomic?: boolean;
  /** Goes on where another writer was: with the segment that it had, cut to that length, or with the next one if it had none. */
  readonly resume?: {
    readonly segmentNo: number;
    readonly segment?: { readonly path: string; readonly byteLength: number; readonly rows: number };
    /** Of the segments before, those that may be removed; the oldest first. */
    readonly kept: readonly ClosedSegment[];
    readonly removedRows: number;
  };
  /** Keep rows safe beside the file until they are in a chunk. Undefined: from the first span, log or metric on. */
  readonly journal?: boolean;
}

/** A pipe, a socket or a device, opened so that writing to it never waits. */
export interface PipeSinkSpec {
  readonly kind: "pipe";
  readonly path: string;
  readonly fd: number;
}

/** A proxy that this process sends to. */
export interface GrpcSinkSpec {
  readonly kind: "grpc";
  /** `rerun+http://host:port/proxy` */
  readonly url: string;
  /** Bytes that are kept: those that wait, and those last sent, for a proxy that has lost them. */
  readonly maxBufferedBytes: number;
  /** How long `flush` waits for a proxy that was never there, in milliseconds. */
  readonly connectTimeoutMillis: number;
}

/** A proxy that this process is. */
export interface GrpcServerSpec {
  readonly kind: "grpc-server";
  readonly host: string;
  /** 0: any free port, to be bound by `SinkPool.listen`. */
  readonly port: number;
  /** Bytes kept for viewers that come later. */
  readonly memoryLimitBytes: number;
  readonly playback: "oldest-first" | "newest-first";
  /** Origins of web pages that may read, beside those of loopback and rerun.io; `*` stands for any characters. */
  readonly corsAllowOrigin: readonly string[];
  /** Of one message that is written to it. */
  readonly maxMessageBytes: number;
}

/** Bytes for the program itself: a stream or a callback (`feed-sink.ts`). */
export interface FeedSinkSpec {
  readonly kind: "feed";
  /** Unique on this machine; also the name of the channel that says that there is something. */
  readonly id: string;
  readonly maxBytes: number;
}

/** What a recording has while nobody has said a place for it: the next sinks get what is in it. */
export interface BufferSpec {
  readonly kind: "buffer";
  readonly maxBytes: number;
  readonly overflow: OverflowPolicy;
}

/** The last of a recording, in memory until something happens. */
export interface BlackBoxSpec {
  readonly kind: "black-box";
  readonly id: string;
  readonly seconds: number;
  readonly maxBytes: number;
  /** What dumps are named after: `shop.rrd` gives `shop.http5xx-1f0c9a3b.rrd`. */
  readonly path: string;
  /** What the writer itself looks for. */
  readonly dumpOn: readonly string[];
  /** An event loop that stands still for so long is stalled. */
  readonly stallMillis: number;
  /** Dumps that stay. */
  readonly maxDumps: number;
  /** Says nothing on stderr. */
  readonly isQuiet: boolean;
}

/**
 * How a sink is described to the writer: plain data, so that it can cross a thread boundary.
 * `file`: opened by the caller, so that a bad path fails in the call; the descriptor is process-wide.
 */
export type SinkSpec =
  | FileSinkSpec
  | GrpcSinkSpec
  | GrpcServerSpec
  | FeedSinkSpec
  | BlackBoxSpec
  | PipeSinkSpec
  | BufferSpec
  /** The standard output, as an RRD stream. */
  | { readonly kind: "stdout" }
  /** `isLive`: somebody reads along. */
  | { readonly kind: "memory"; readonly id: number; readonly isLive?: boolean };
