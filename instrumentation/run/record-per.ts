import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { parseBytes } from "../../src/bytes/byte-size.ts";
import { RerunError } from "../../src/errors.ts";
import { checkedOptions, optionNames } from "../../src/option-names.ts";
import { type KeepRule, parseKeepRules } from "../../src/otel/recordings/keep-rules.ts";
import { RecordingKeeper, type RecordingKey } from "../../src/otel/recordings/recording-keeper.ts";
import { recordingOfSpan } from "../../src/otel/recordings/tree-recordings.ts";
import { addRecordingResolver } from "../../src/recording/context/recording-resolvers.ts";
import { processState } from "../../src/recording/process/process-state.ts";
import { newRecordingId, parentFromEnvironment } from "../../src/recording/recording-id.ts";
import { warnOnce } from "../../src/recording/warnings.ts";
import { ArrivingRequest } from "../http/arriving-request.ts";
import { RequestFiles } from "./request-files.ts";
import { runName } from "./run-name.ts";
import { serviceName } from "./service-name.ts";
import { workingFolder } from "./working-folder.ts";

/** What one recording holds: the process, a request, a trace in this process, or all requests for which a function returns the same. */
export type RecordPer = "process" | RecordingKey;

export interface RecordPerOptions {
  /** Which recordings stay, decided when each has ended; one that does not was never on disk. Default "all". */
  readonly keep?: KeepRule | readonly KeepRule[];
  /** Recordings that are open at once; beyond, the oldest is closed, and kept. Default 1000. */
  readonly maxOpen?: number;
  /** How long a recording whose key a function gave waits for its next request, in milliseconds. Default 30 s. */
  readonly idleMillis?: number;
  /** Files that stay; the oldest go. Default 1000. */
  readonly maxFiles?: number;
  /** Default: that of `register`, else `recordings`. */
  readonly folder?: string;
}

const NAMES = optionNames<RecordPerOptions>({
  keep: true,
  maxOpen: true,
  idleMillis: true,
  maxFiles: true,
  folder: true,
});

const MAX_BYTES = 256 * 1024 ** 2;
const MAX_FILES = 1000;

let endWatching: (() => void) | undefined;

/**
 * From now on HTTP requests are recorded in recordings of their own, in files beside that of the process, which has what belongs to no
 * request; per trace, so is what begins a trace by itself, such as a job or a message of a queue. Disposing it ends that; calling it again replaces it.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function recordPer(per: RecordPer, given: RecordPerOptions = {}): Disposable {
  const options = checkedOptions("recordPer", given, NAMES);
  const { hooks, globalRecording } = processState();
  if (typeof per !== "function" && !["process", "request", "trace"].includes(per)) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `recordPer takes "process", "request", "trace" or a function; got ${per}`,
    );
  }
  hooks.beforeClose?.();
  const stop = (): void => {
    delete hooks.recordingOfRequest;
    delete hooks.recordingOfRoot;
    delete hooks.requestRecordings;
    endWatching?.();
    endWatching = undefined;
    delete hooks.beforeClose;
  };
  stop();
  if (per === "process") return { [Symbol.dispose]: () => {} };
  const service = serviceName(process.env, process.argv[1], workingFolder());
  const announced = parentFromEnvironment()?.file;
  const name = `${runName(new Date(), service, process.pid)}.rrd`;
  const base =
    typeof announced === "string" && options.folder === undefined
      ? announced
      : join(options.folder ?? join(workingFolder(), "recordings"), name);
  const maxBytes = parseBytes(process.env.OTEL_RERUN_MAX_BYTES?.trim() ?? "") || MAX_BYTES;
  const files = new RequestFiles({ base, maxBytes, maxFiles: options.maxFiles ?? MAX_FILES });
  const keeper = new RecordingKeeper(per, {
    ...options,
    process: globalRecording ?? { applicationId: service, recordingId: newRecordingId() },
    fileOf: (part, recordingId) => files.pathOf(part, recordingId),
    save: (recording, path) => files.save(recording, path),
  });
  const arriving = new ArrivingRequest();
  // what is logged beside a foreign span belongs to it, too: its contexts do not name the recording
  const besideSpans = addRecordingResolver(() => recordingOfSpan(trace.getActiveSpan()));
  hooks.recordingOfRequest = (headers, arrived) => {
    hooks.startMetrics?.();
    return keeper.recordingOf(headers, arrived);
  };
  hooks.recordingOfRoot = (span) => {
    hooks.startMetrics?.();
    return keeper.recordingOfRoot(span, arriving.headers);
  };
  hooks.requestRecordings = () => ({ kept: files.kept, discarded: keeper.discarded, newest: files.newest });
  hooks.beforeClose = () => keeper.settleAll();
  endWatching = () => {
    arriving[Symbol.dispose]();
    besideSpans[Symbol.dispose]();
  };
  return {
    [Symbol.dispose]: () => {
      keeper.settleAll();
      stop();
    },
  };
}

/** `OTEL_RERUN_RECORD_PER=request` (or trace) and `OTEL_RERUN_KEEP_RULES=errors,slowerThan=500,sample=0.01`. */
export function recordPerEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  const per = environment.OTEL_RERUN_RECORD_PER?.trim() || "process";
  const rules = environment.OTEL_RERUN_KEEP_RULES?.trim();
  if (per !== "process" && per !== "request" && per !== "trace") {
    warnOnce(
      "environment OTEL_RERUN_RECORD_PER",
      `OTEL_RERUN_RECORD_PER=${per} is not process, request or trace; it is ignored`,
    );
    return;
  }
  const keep = rules ? parseKeepRules(rules) : "all";
  if (keep === undefined) {
    warnOnce(
      "environment OTEL_RERUN_KEEP_RULES",
      `OTEL_RERUN_KEEP_RULES=${rules} is no list such as errors,slowerThan=500,sample=0.01; all recordings are kept`,
    );
  }
  if (per !== "process") recordPer(per, { keep: keep ?? "all" });
}
