import type { Transport } from "../pipeline/transport.ts";
import type { StoreId } from "../rrd/store-id.ts";
import type { RecordingStream } from "./recording-stream.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** Known to every copy of the package, so that a recording made by one can be used by another. */
export const INTERNALS = Symbol.for("otel-rerun/1 internals");

/** What the rooms above may do with a recording that users may not. */
export interface RecordingInternals {
  /** The recording's number in records. */
  readonly no: number;
  readonly storeId: StoreId;
  readonly telemetryOptions: TelemetryOptions | undefined;
  /** False: disabled or shut down. What is recorded then goes nowhere (and is counted, unless disabled). */
  readonly isOpen: boolean;
  /** Somebody has said where the rows go; until then they are buffered. */
  readonly hasSinks: boolean;
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
