import { diag } from "@opentelemetry/api";
import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";

/** Ids that are sent, and looked at when they arrive: those of UUIDs, and what else goes through a header as it is. */
const FORM = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

export interface IncomingRecordingsOptions {
  /** The ids that may come from outside, or who decides. Nothing else opens anything. */
  readonly allow: readonly string[] | ((recordingId: string) => boolean);
  /** Makes the recording of an allowed id, with that id and a sink; called once as long as the recording is open. */
  readonly open: (recordingId: string) => RecordingStream | undefined;
  /** So many are open at once; for one more, that which was named longest ago is shut down. Default 100. */
  readonly maxOpen?: number;
}

const NAMES = optionNames<IncomingRecordingsOptions>({ allow: true, open: true, maxOpen: true });

export function isRecordingId(id: string | undefined): id is string {
  return id !== undefined && FORM.test(id);
}

/**
 * The recordings that other services name. What arrives is untrusted: an id of another form, or one that is not allowed, is as if none
 * had come, and however many are allowed, no more than `maxOpen` are open (I7, I11).
 */
export class IncomingRecordings {
  readonly #isAllowed: (recordingId: string) => boolean;
  readonly #open: (recordingId: string) => RecordingStream | undefined;
  readonly #maxOpen: number;
  /** In the order in which they were named last. */
  readonly #recordings = new Map<string, RecordingStream>();

  /** @throws RerunError ERR_RERUN_ARGUMENT */
  constructor(options: IncomingRecordingsOptions) {
    const { allow, open, maxOpen = 100 } = checkedOptions("incoming", options, NAMES);
    if (typeof allow !== "function" && !Array.isArray(allow)) {
      throw new RerunError(
        "ERR_RERUN_ARGUMENT",
        "incoming.allow must be a list of recording ids, or a function that decides",
      );
    }
    if (typeof open !== "function" || !Number.isInteger(maxOpen) || maxOpen < 1) {
      throw new RerunError(
        "ERR_RERUN_ARGUMENT",
        "incoming.open must be a function that makes a recording, and incoming.maxOpen a number from 1 on",
      );
    }
    const list = typeof allow === "function" ? undefined : new Set(allow);
    this.#isAllowed = list === undefined ? (allow as (id: string) => boolean) : (id) => list.has(id);
    this.#open = open;
    this.#maxOpen = maxOpen;
  }

  /** The recording of an id from outside; undefined when it counts for nothing. Never throws (I1). */
  get(recordingId: string | undefined): RecordingStream | undefined {
    try {
      if (!isRecordingId(recordingId) || this.#isAllowed(recordingId) !== true) return undefined;
      const known = this.#recordings.get(recordingId);
      this.#recordings.delete(recordingId);
      const recording = known ?? this.#open(recordingId);
      if (recording === undefined) return undefined;
      this.#recordings.set(recordingId, recording);
      if (this.#recordings.size > this.#maxOpen) this.#closeOldest();
      return recording;
    } catch (error) {
      diag.error("otel-rerun: could not open the recording that a request names", error);
      return undefined;
    }
  }

  #closeOldest(): void {
    const [oldest] = this.#recordings;
    if (oldest === undefined) return;
    this.#recordings.delete(oldest[0]);
    oldest[1].shutdown({}).catch((error) => diag.error("otel-rerun: could not close a recording", error));
  }
}
