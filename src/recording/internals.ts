import type { Fate } from "../pipeline/command.ts";
import type { Transport } from "../pipeline/transport.ts";
import type { StoreId } from "../rrd/store-id.ts";
import type { RecordingStream } from "./recording-stream.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** Known to every copy of the package, so that a recording made by one can be used by another. */
export const INTERNALS = Symbol.for("otel-rerun/1 internals");

/** Somebody who has to know when the spans of a recording start and end. Called before the record is written; must not throw. */
export interface SpanWatcher {
  spanStarted(span: { readonly traceId: string }): void;
  spanEnded(span: EndedSpan): void;
}

/** What a watcher may know of a span. */
export interface EndedSpan {
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly parentIsRemote?: boolean;
  readonly name: string;
  readonly kind: number;
  readonly startTime: bigint;
  readonly endTime: bigint;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What the rooms above may do with a recording that users may not. */
export interface RecordingInternals {
  /** The recording's number in records. */
  readonly no: number;
  readonly storeId: StoreId;
  readonly telemetryOptions: TelemetryOptions | undefined;
  /** False: disabled or shut down. What is recorded then goes nowhere (and is counted, unless disabled). */
  readonly isOpen: boolean;
  /** Rows, records or sinks were seen. */
  readonly isStarted: boolean;
  /** One of its sinks is the file at that path. */
  writesTo(path: string): boolean;
  /** Somebody has said where the rows go; until then they are buffered. */
  readonly hasSinks: boolean;
  /** Once it has ended: the one that takes what comes late. */
  successor: (() => RecordingStream) | undefined;
  /** Changes the application id of a recording that has not been opened. False: it has been. */
  rename(applicationId: string): boolean;
  /** Told of what is recorded of spans. */
  spanWatcher: SpanWatcher | undefined;
  /** Ends the recording without waiting; one that was held in memory goes to a new file, or nowhere. */
  settle(fate?: Fate): void;
  /**
   * Where records go. Reading it opens the recording: it is defined, and the callbacks of `onFirstRow` run; so read it when there
   * is something to record, not before. A disabled recording has a transport that does nothing.
   */
  readonly transport: Transport;
  /** Calls back once, just before the first row or record; at once if that is past. Never for a disabled recording. */
  onFirstRow(callback: () => void): void;
}

export function recordingInternals(recording: RecordingStream): RecordingInternals {
  return recording[INTERNALS];
}

/** The recording, or what has taken its place when it has ended. */
export function successorOf(recording: RecordingStream): RecordingStream {
  // another version of the package may have made it
  const successor = recording[INTERNALS]?.successor;
  return successor === undefined ? recording : successor();
}
