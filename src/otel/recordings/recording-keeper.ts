import { type Context, diag, SpanKind, trace } from "@opentelemetry/api";
import { v5 as uuidOf } from "uuid";
import type { Fate } from "../../pipeline/command.ts";
import { now as monotonicNow, setTimeout } from "../../real-time.ts";
import { recordingInternals, type SpanWatcher } from "../../recording/internals.ts";
import { processState, type RequestHeaders, type RequestRecording, type RootSpan } from "../../recording/process/process-state.ts";
import { newRecordingId } from "../../recording/recording-id.ts";
import { RecordingStream } from "../../recording/recording-stream.ts";
import { contextWithTraceId } from "../context/context-keys.ts";
import { type Keep, type KeepRule, keepRules, keepsAll } from "./keep-rules.ts";
import { RecordingFacts } from "./recording-facts.ts";
import { newTraceId } from "../tracer/span-ids.ts";

/** One recording for each request, for each trace, or for all requests with the same key. Undefined: that of the process. */
export type RecordingKey = "request" | "trace" | KeyOfHeaders;

/** A header that came several times is a list, of which the first counts. */
export type KeyOfHeaders = (headers: RequestHeaders) => string | readonly string[] | undefined;

export interface RecordingKeeperOptions {
  /** The recording that the others belong to. */
  readonly process: { readonly applicationId: string; readonly recordingId: string };
  /** Default "all". */
  readonly keep?: KeepRule | readonly KeepRule[];
  /** Recordings that are open at once; the oldest is closed, and kept, when there are more. Default 1000. */
  readonly maxOpen?: number;
  /** How long a recording with a key of its own waits for the next request, in milliseconds. Default 30 s. */
  readonly idleMillis?: number;
  /** Where a recording goes: an absolute path that nobody else gets. */
  fileOf(name: string, recordingId: string): string;
  /** For recordings whose file is made at once, because they are long and stay in any case. */
  save(recording: RecordingStream, path: string): void;
}

/** What starts behind the response, such as a log line of an `afterEach`, still belongs to it. */
const LINGER_MILLIS = 100;
/** One that was opened again for something late probably gets more of it. */
const LATE_MILLIS = 5000;
/** A timer that a request has started goes on for ever; from then on it belongs to the process. */
const MAX_PARTS = 10;
const MAX_OPEN = 1000;
const IDLE_MILLIS = 30_000;
/** Of a key, which may come from outside. */
const MAX_KEY_LENGTH = 200;
const NAMESPACE = "5f0e7c1a-4d0b-4a53-9a42-2f6d0c6a8e11";

interface Entry extends SpanWatcher {
  readonly key: string;
  readonly recordingId: string;
  readonly recording: RecordingStream;
  readonly facts: RecordingFacts;
  /** Its file is there from the beginning. */
  readonly isSaved: boolean;
  readonly part: number;
  /** Requests and spans that have not ended. */
  holds: number;
  restsSince: number;
  fileName: string | undefined;
  wasKept: boolean;
}

/**
 * Recordings of requests, from the first row to the decision whether they stay.
 *
 *   request ─▶ key ─▶ open ── span, span, response ──▶ rests ── 100 ms ──▶ keep? ─┬─▶ a file of its own
 *                      ▲                                                          └─▶ nothing, and nothing was ever on disk
 *                      └───────────── something late: opened again ◀──────────────┘
 *
 * I6: contexts hold the recording itself; when it has ended they find the one that took its place. I7: `maxOpen`, and one limit of
 * bytes for all (src/pipeline/store-table.ts).
 */
export class RecordingKeeper {
  readonly #options: RecordingKeeperOptions;
  readonly #keyOf: RecordingKey;
  readonly #keeps: Keep;
  readonly #isSavedAtOnce: boolean;
  readonly #maxOpen: number;
  readonly #open = new Map<string, Entry>();
  /** Those that nothing holds open, the longest first. */
  readonly #resting = new Set<Entry>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Recordings that no rule wanted. */
  discarded = 0;

  /** @throws RerunError ERR_RERUN_ARGUMENT for a rule that is none */
  constructor(keyOf: RecordingKey, options: RecordingKeeperOptions) {
    const { keep = "all", maxOpen = MAX_OPEN } = options;
    this.#keyOf = keyOf;
    this.#options = options;
    this.#keeps = keepRules(keep);
    this.#isSavedAtOnce = typeof keyOf === "function" && keepsAll(keep);
    this.#maxOpen = maxOpen;
  }

  /** Undefined: the request belongs to the process. Never throws. */
  recordingOf(headers: RequestHeaders, arrived: Context): RequestRecording | undefined {
    let context = arrived;
    let key: string | undefined;
    if (this.#keyOf === "request") key = newRecordingId();
    else if (this.#keyOf === "trace") {
      key = trace.getSpanContext(arrived)?.traceId;
      if (key === undefined) {
        key = newTraceId();
        context = contextWithTraceId(arrived, key);
      }
    } else key = askedKey(this.#keyOf, headers);
    if (key === undefined || key === "") return undefined;
    const entry = this.#entryOf(key);
    this.#hold(entry);
    let isOver = false;
    const release = (): void => {
      if (isOver) return;
      isOver = true;
      this.#release(entry);
    };
    return { recording: entry.recording, context, release };
  }

  /**
   * The recording of a span without a parent in this process, such as a request's or a job's; the span holds it open. Undefined: it
   * belongs to the process. Never throws.
   * @param headers of the request that the span is of, where it is known
   */
  recordingOfRoot({ traceId, kind }: RootSpan, headers: RequestHeaders | undefined): RecordingStream | undefined {
    let key: string | undefined;
    if (this.#keyOf === "trace") key = traceId;
    else if (kind !== SpanKind.SERVER) return undefined;
    else if (this.#keyOf === "request") key = newRecordingId();
    else if (headers !== undefined) key = askedKey(this.#keyOf, headers);
    return key === undefined || key === "" ? undefined : this.#entryOf(key).recording;
  }

  /** The process ends: what is not decided is kept (I4). */
  settleAll(): void {
    for (const entry of this.#open.values()) this.#settle(entry, entry.holds > 0);
  }

  #entryOf(key: string): Entry {
    return this.#open.get(key) ?? this.#begin(key, this.#idOf(key), 1);
  }

  #idOf(key: string): string {
    return typeof this.#keyOf === "function" ? uuidOf(`${this.#options.process.recordingId} ${key}`, NAMESPACE) : key;
  }

  #begin(key: string, recordingId: string, part: number): Entry {
    for (const oldest of this.#open.values()) {
      if (this.#open.size < this.#maxOpen) break;
      this.#settle(oldest, oldest.holds > 0);
    }
    const hasKey = typeof this.#keyOf === "function";
    const { applicationId } = this.#options.process;
    const recording = new RecordingStream(hasKey ? applicationId : `${applicationId} requests`, {
      recordingId,
      signals: true,
      isHeld: !this.#isSavedAtOnce,
      ...(hasKey ? { recordingName: key } : { sendProperties: false }),
      telemetry: { layout: hasKey ? "process" : "request" },
    });
    const facts = new RecordingFacts();
    const entry: Entry = {
      key,
      recordingId,
      recording,
      facts,
      part,
      isSaved: this.#isSavedAtOnce,
      holds: 0,
      restsSince: monotonicNow(),
      fileName: undefined,
      wasKept: false,
      spanStarted: (span) => {
        facts.traceId ??= span.traceId;
        this.#hold(entry);
      },
      spanEnded: (span) => {
        facts.add(span);
        this.#release(entry);
      },
    };
    const internals = recordingInternals(recording);
    internals.spanWatcher = entry;
    if (entry.isSaved)
      internals.onFirstRow(() => this.#options.save(recording, this.#options.fileOf(key, recordingId)));
    this.#open.set(key, entry);
    this.#rest(entry);
    return entry;
  }

  #hold(entry: Entry): void {
    entry.holds += 1;
    this.#resting.delete(entry);
  }

  #release(entry: Entry): void {
    // a span that started before somebody looked, or in a part before this one
    if (entry.holds > 0) entry.holds -= 1;
    if (entry.holds === 0 && this.#open.get(entry.key) === entry) this.#rest(entry);
  }

  #rest(entry: Entry): void {
    entry.restsSince = monotonicNow();
    this.#resting.delete(entry);
    this.#resting.add(entry);
    this.#timer ??= setTimeout(() => this.#sweep(), LINGER_MILLIS).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = monotonicNow();
    for (const entry of this.#resting) {
      if (now - entry.restsSince >= this.#restMillis(entry)) this.#settle(entry, false);
    }
    if (this.#resting.size > 0) this.#timer = setTimeout(() => this.#sweep(), LINGER_MILLIS).unref();
  }

  #restMillis({ part }: Entry): number {
    if (typeof this.#keyOf === "function") return this.#options.idleMillis ?? IDLE_MILLIS;
    return part > 1 ? LATE_MILLIS : LINGER_MILLIS;
  }

  /** @param isUndecided it has not ended, so that no rule can say */
  #settle(entry: Entry, isUndecided: boolean): void {
    this.#open.delete(entry.key);
    this.#resting.delete(entry);
    const internals = recordingInternals(entry.recording);
    internals.successor = () => this.#successorOf(entry);
    if (!internals.isStarted || entry.isSaved) {
      internals.settle();
      return;
    }
    const end = entry.facts.end(entry.key);
    entry.wasKept ||= isUndecided || this.#keeps(end);
    if (!entry.wasKept) this.discarded += 1;
    entry.fileName ??= typeof this.#keyOf === "function" ? entry.key : (end.name ?? "request");
    internals.settle(entry.wasKept ? this.#fileOf(entry.fileName, entry.recordingId) : "discard");
  }

  /** Nothing may be thrown out of a timer (I1). */
  #fileOf(name: string, recordingId: string): Fate {
    try {
      return { file: this.#options.fileOf(name, recordingId) };
    } catch (error) {
      diag.error("otel-rerun: a recording could not be written", error);
      return "discard";
    }
  }

  #successorOf(ended: Entry): RecordingStream {
    const open = this.#open.get(ended.key);
    if (open !== undefined) return open.recording;
    if (ended.part >= MAX_PARTS) return processState().globalRecording ?? RecordingStream.disabled();
    const entry = this.#begin(ended.key, ended.recordingId, ended.part + 1);
    entry.fileName = ended.fileName;
    entry.wasKept = ended.wasKept;
    entry.facts.traceId = ended.facts.traceId;
    return entry.recording;
  }
}

function askedKey(keyOf: KeyOfHeaders, headers: RequestHeaders): string | undefined {
  try {
    const given = keyOf(headers);
    const key = typeof given === "object" && given !== null ? given[0] : given;
    return key === undefined || key === null ? undefined : String(key).slice(0, MAX_KEY_LENGTH);
  } catch (error) {
    diag.error("otel-rerun: the function of recordPer threw; the request is recorded with the process", error);
    return undefined;
  }
}
