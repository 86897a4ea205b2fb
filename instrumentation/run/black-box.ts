import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { RerunError } from "../../src/errors.ts";
import { checkedOptions, optionNames } from "../../src/option-names.ts";
import { foreignProvider } from "../../src/otel/install.ts";
import { checkRecording } from "../../src/recording/checked-arguments.ts";
import { getDataRecording } from "../../src/recording/context/active-recording.ts";
import { init } from "../../src/recording/init.ts";
import { processTransport } from "../../src/recording/process/process-pipeline.ts";
import { parentFromEnvironment } from "../../src/recording/recording-id.ts";
import type { RecordingStream } from "../../src/recording/recording-stream.ts";
import { RecordingSink } from "../../src/recording/sinks/recording-sink.ts";
import { type ByteSize, byteSize } from "../../src/recording/sinks/sink-values.ts";
import { warnOnce } from "../../src/recording/warnings.ts";
import { exchangeOf } from "../http/message-context.ts";
import { logFatal } from "../logs/uncaught-errors.ts";
import { installRedaction } from "../redact.ts";
import { isUnderNodemon } from "./nodemon.ts";
import { runName } from "./run-name.ts";
import { serviceName } from "./service-name.ts";
import { workingFolder } from "./working-folder.ts";

/** What a black box is dumped for: an end by an error, an answer with 5xx, a blocked event loop, a signal. */
export type DumpReason = "uncaughtException" | "http5xx" | "eventLoopStall" | `SIG${string}`;

export interface BlackBoxOptions {
  /** How far it reaches back. Default 60. */
  readonly seconds?: number;
  /** What it may hold. Default "64MiB". */
  readonly maxBytes?: ByteSize;
  /** Default: all four, with SIGUSR2. */
  readonly dumpOn?: readonly DumpReason[];
  /** An event loop that is blocked for so long is stalled, in milliseconds. Default 1000. */
  readonly stallMillis?: number;
  /** Dumps of this process that stay; the oldest go. Default 10. */
  readonly maxDumps?: number;
  /** What dumps are named after. Default: the file that `register` would write, else one in `recordings`. */
  readonly path?: string;
  /** Default: the active one, else a new one of the service. */
  readonly recording?: RecordingStream;
}

export interface BlackBox extends Disposable {
  /**
   * Writes what is held to a new file, and returns its path; undefined for a disabled recording.
   * @throws RerunError ERR_RERUN_FILE if it cannot be written, ERR_RERUN_FLUSH_TIMEOUT if the writer does not answer
   */
  dump(reason?: string): Promise<string | undefined>;
}

export const DUMP_REASONS: readonly DumpReason[] = ["uncaughtException", "http5xx", "eventLoopStall", "SIGUSR2"];

const NAMES = optionNames<BlackBoxOptions>({
  seconds: true,
  maxBytes: true,
  dumpOn: true,
  stallMillis: true,
  maxDumps: true,
  path: true,
  recording: true,
});

const WORDS: ReadonlySet<string> = new Set(["uncaughtException", "http5xx", "eventLoopStall"]);
const SCOPE = { name: "otel-rerun/black-box" };
const DUMP_MILLIS = 10_000;
/** The process is about to end. */
const LAST_DUMP_MILLIS = 2000;

let nextId = 1;

/**
 * Keeps the last of a recording in memory, at a bounded cost, and writes it to a file when something happens. Takes the place of the
 * recording's other sinks. Disposing it gives up what is held.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function blackBox(given: BlackBoxOptions = {}): BlackBox {
  const options = checkedOptions("blackBox", given, NAMES);
  const { dumpOn = DUMP_REASONS, path = defaultPath() } = options;
  if (typeof path !== "string") throw refused("path", "the path of a file", path);
  if (!Array.isArray(dumpOn)) throw refused("dumpOn", 'a list such as ["http5xx", "SIGUSR2"]', dumpOn);
  if (options.recording !== undefined) checkRecording("blackBox", options.recording);
  for (const reason of dumpOn) {
    if (!WORDS.has(reason) && !/^SIG[A-Z0-9]+$/.test(reason)) {
      throw refused("dumpOn", `a list of ${[...WORDS].join(", ")} and signals such as SIGUSR2`, reason);
    }
  }
  const spec = {
    kind: "black-box",
    id: `black box ${process.pid} ${nextId++}`,
    seconds: positive("seconds", options.seconds ?? 60),
    maxBytes: byteSize("maxBytes", options.maxBytes ?? "64MiB"),
    stallMillis: positive("stallMillis", options.stallMillis ?? 1000),
    maxDumps: positive("maxDumps", options.maxDumps ?? 10),
    path,
    dumpOn,
    isQuiet: /^(1|true|on|yes)$/i.test(process.env.OTEL_RERUN_QUIET?.trim() ?? ""),
  } as const;
  const recording = options.recording ?? getDataRecording() ?? init(service());
  recording.setSinks([new RecordingSink({ target: spec.id, open: () => spec })]);
  const undo = recording.enabled ? listen(recording, dumpOn) : [];
  return {
    dump: (reason = "dump") => (recording.enabled ? ask(reason) : Promise.resolve(undefined)),
    [Symbol.dispose]() {
      for (const step of undo.splice(0)) step();
      if (recording.enabled) recording.setSinks([]);
    },
  };
}

async function ask(reason: string): Promise<string | undefined> {
  const { files, error } = await processTransport().request({ type: "dump", reason, timeoutMillis: DUMP_MILLIS });
  if (error !== undefined) throw error;
  return files?.[0];
}

/** What the writer cannot see. Returns how to undo it. */
function listen(recording: RecordingStream, dumpOn: readonly DumpReason[]): (() => void)[] {
  installRedaction();
  const undo: (() => void)[] = [];
  const on = (event: string, listener: (error: unknown) => void): void => {
    try {
      process.on(event, listener);
      undo.push(() => process.off(event, listener));
    } catch {
      warnOnce(`signal ${event}`, `this system has no ${event}; use otel-rerun dump ${process.pid}`);
    }
  };
  for (const reason of dumpOn) {
    if (reason === "http5xx") undo.push(watchFirstResponse());
    else if (reason === "uncaughtException") on("uncaughtExceptionMonitor", (error) => lastDump(recording, error));
    else if (!WORDS.has(reason) && !(reason === "SIGUSR2" && isUnderNodemon())) {
      on(reason, () => void ask(reason).catch(() => {}));
    }
  }
  return undo;
}

const ANSWERED = "http.server.response.finish";

/**
 * An answer with 5xx is a span of the writer's, and spans of requests come from an instrumentation. Whether there is one shows with the
 * first answer: before, one may still be switched on.
 */
function watchFirstResponse(): () => void {
  const stop = (): unknown => unsubscribe(ANSWERED, look);
  const look = (message: unknown): void => {
    stop();
    const { request, response } = message as { request: object; response: object };
    if (exchangeOf(request) !== undefined || exchangeOf(response) !== undefined || foreignProvider() !== undefined)
      return;
    warnOnce(
      "black box http5xx",
      "requests are not recorded, so an answer with 5xx dumps nothing; start with --import otel-rerun/register, or enable HttpInstrumentation",
    );
  };
  subscribe(ANSWERED, look);
  return () => void stop();
}

/** Before it returns, since the process may end then. The error is the last row. */
function lastDump(recording: RecordingStream, error: unknown): void {
  logFatal(recording, error, SCOPE, () => ({ attributes: { "service.name": service() } }));
  processTransport().requestSync({ type: "dump", reason: "uncaughtException", timeoutMillis: LAST_DUMP_MILLIS });
}

function service(): string {
  return serviceName(process.env, process.argv[1], workingFolder());
}

function defaultPath(): string {
  const announced = parentFromEnvironment()?.file;
  if (typeof announced === "string") return announced;
  return join(workingFolder(), "recordings", `${runName(new Date(), service(), process.pid)}.rrd`);
}

function positive(name: string, value: number): number {
  if (typeof value === "number" && value > 0) return value;
  throw refused(name, "a number above 0", value);
}

function refused(name: string, expected: string, got: unknown): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", `${name} must be ${expected}; got ${String(got)}`);
}
