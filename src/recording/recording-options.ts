import type { AsComponents } from "../rrd/component-batch.ts";
import type { FsyncPolicy } from "../sinks/sink.ts";
import type { BatcherOptions } from "./batcher-settings.ts";
import type { LoggableBlueprint } from "./blueprint/blueprint.ts";
import type { RecordingSink } from "./sinks/recording-sink.ts";
import type { ByteSize } from "./sinks/sink-values.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";
import type { TimeMap } from "./time/time-value.ts";

export interface RecordingStreamOptions {
  /** Identifies the recording among those of the application; taken as it is. Default: a new UUIDv4. */
  readonly recordingId?: string;
  /** Whether the recording records when the environment variable `RERUN` does not say. Default true. */
  readonly defaultEnabled?: boolean;
  /** Whether the recording records, whatever `RERUN` says. */
  readonly enabled?: boolean;
  /** Write start time and name as the first chunk. Default true. */
  readonly sendProperties?: boolean;
  readonly recordingName?: string;
  /** A Date, or nanoseconds since the Unix epoch. Default: now. */
  readonly startTime?: Date | bigint;
  /**
   * Thresholds of the batch processor; what is given beats environment variables and the sinks' defaults. And `hooks`, which are
   * called when it does something.
   */
  readonly batcher?: BatcherOptions;
  /** Where it writes from the beginning, as `setSinks` takes them. Default: rows wait. */
  readonly sinks?: readonly RecordingSink[];
  /** Throw what is wrong with the arguments of a logging call. Default: `setStrictMode`, else `RERUN_STRICT`, else false. */
  readonly strict?: boolean;
  /**
   * Save on SIGTERM, SIGINT and SIGHUP too. The process still ends, or goes on, as it would without. Default false: a listener
   * makes a busy loop immune to these signals.
   */
  readonly signals?: boolean;
  /** How spans, logs and metrics are laid out. */
  readonly telemetry?: TelemetryOptions;
  /** Make it the global recording. Default false. */
  readonly makeGlobal?: boolean;
  /** Make it the recording of this JavaScript thread. Default false. */
  readonly makeThreadDefault?: boolean;
  /** @internal held in memory until its end decides what becomes of it (src/otel/recordings/recording-keeper.ts) */
  readonly isHeld?: boolean;
  /** @internal `RecordingStream.attach` */
  readonly attachedTo?: number;
}

export interface LogOptions {
  /** Valid at all times: no time is written, and the component's other rows are hidden. Default false. */
  readonly static?: boolean;
  /** Throw if the row cannot be recorded as it is. Default: the stream's. */
  readonly strict?: boolean;
  /** Times of this row alone, beside those that are set; of a timeline that is set too, this one counts. */
  readonly time?: TimeMap;
}

/** One thing to log, or several that make one row. */
export type Loggable = AsComponents | readonly AsComponents[];

export interface SinkOptions {
  /** Layout that viewers open the recording with. */
  readonly defaultBlueprint?: LoggableBlueprint;
}

export interface GrpcOptions {
  /**
   * What is kept for a viewer that is not there, or was restarted: what waits, and the last of what was sent. At the limit the
   * oldest temporal chunks go first. Default 64 MiB.
   */
  readonly maxBufferedBytes?: ByteSize;
  /** How long `flush` waits for a viewer that was never there, in milliseconds. Default 5000. */
  readonly connectTimeoutMillis?: number;
}

export interface ConnectGrpcOptions extends GrpcOptions, SinkOptions {}

export interface ServeGrpcOptions extends SinkOptions {
  /** Default `127.0.0.1`; `0.0.0.0` lets other machines read what is recorded. */
  readonly host?: string;
  /** Default 9876; 0: any free port. */
  readonly port?: number;
  /**
   * What is kept for viewers that connect later. At the limit the oldest temporal chunks go first, then the oldest static ones;
   * blueprints stay. 0: nothing but these. Default "1GiB".
   */
  readonly serverMemoryLimit?: ByteSize;
  /** In which order viewers that connect later get what is kept. Default "oldest-first". */
  readonly playback?: "oldest-first" | "newest-first";
  /** Origins of web pages that may read, beside those of this machine and of rerun.io: `https://*.example.com`. */
  readonly corsAllowOrigin?: readonly string[];
  /** Of one message that somebody else logs to this server. Default 256 MiB. */
  readonly maxMessageBytes?: ByteSize;
}

/** What viewers connect to: `rerun rerun+http://127.0.0.1:9876/proxy`. */
export interface ServedRecording {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export interface SaveOptions extends SinkOptions {
  /** Write the footer, the index that lets viewers load parts of the file. Default true. */
  readonly writeFooter?: boolean;
  /**
   * Bytes on disk of this recording's segments (`shop.rrd`, `shop.2.rrd`, …); the oldest segment goes when there are more.
   * Default: no limit.
   */
  readonly maxBytes?: number;
  /** Begin a new segment when the current one has so many bytes. Default: a quarter of `maxBytes`; without that, never. */
  readonly rotateBytes?: number;
  /** Begin a new segment when the current one is this old, in milliseconds. Default: never. */
  readonly rotateMillis?: number;
  /** Segments that are kept, the current one included; the oldest goes when there are more. Default: all. */
  readonly retain?: number;
  /**
   * Keep rows safe in a journal beside the file (`shop.rrd.journal-a`, `-b`) until they are in a chunk. A process that is killed
   * then loses one tick at most, although the file has few and large chunks, which is what makes it fast to load. Readers of this
   * package read the journal too, `recover` makes one file of both, and the end of the recording removes it. Default: from the first
   * span, log or metric on; without any of them rows go into chunks at each tick.
   */
  readonly journal?: boolean;
  /**
   * Force the file to the disk, so that it outlives the machine: "never" leaves that to the operating system (what the process
   * has written outlives the process in any case), "flush" does at each `flush`, "interval" each second. Default "never".
   */
  readonly fsync?: FsyncPolicy;
  /** Write to `<path>.part` and rename at the end; what is at the path stays until then. Default false. */
  readonly atomic?: boolean;
  /** Permissions of a new file. Default 0o666, less the umask. */
  readonly mode?: number;
  /** Fail if the file exists, instead of replacing it. Default false. */
  readonly exclusive?: boolean;
}

export interface FlushOptions {
  /** Give up after this many milliseconds. Default 5000; `Infinity` waits as long as it takes. */
  readonly timeoutMillis?: number;
}

export interface BlueprintOptions {
  /** Show it now, also in a viewer that has a layout of its own. Default true. */
  readonly makeActive?: boolean;
  /** Go back to it on "reset layout". Default true. */
  readonly makeDefault?: boolean;
}
