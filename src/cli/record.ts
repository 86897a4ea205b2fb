import { mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareFolder, pruneRuns } from "../../instrumentation/run/recordings-folder.ts";
import { runName, runOf } from "../../instrumentation/run/run-name.ts";
import { serviceName } from "../../instrumentation/run/service-name.ts";
import { workingFolder } from "../../instrumentation/run/working-folder.ts";
import { bytesText, parseBytes } from "../bytes/byte-size.ts";
import { RerunError } from "../errors.ts";
import { PARENT_VARIABLE, RECORDING_ID_VARIABLE } from "../recording/recording-id.ts";
import { openInBrowser } from "../recording/sinks/open-in-browser.ts";
import { requestCounts, routeTable } from "../telemetry/archive/route-table.ts";
import { TraceArchive } from "../telemetry/archive/trace-archive.ts";
import { parseArguments } from "./arguments.ts";
import { holdsNothing } from "./assert-recording.ts";
import type { Command } from "./command.ts";
import { counted } from "./counted.ts";
import { archiveInputs } from "./input.ts";
import { type LiveViewer, startLiveViewer } from "./live-viewer.ts";
import { filesOfRun } from "./newest-run.ts";
import { type ProgramEnd, runProgram } from "./record/child-program.ts";
import { joinSegments } from "./record/join-segments.ts";
import { signalLeftBehind } from "./record/left-behind.ts";
import { routeLines } from "./stats.ts";
import { UsageError } from "./usage-error.ts";

const MAX_TOTAL_BYTES = 2 * 1024 ** 3;
const DEFAULT_KEEP = 20;
const SHOWN_ROUTES = 12;

export const record: Command = {
  name: "record",
  usage: "[--live] [--service NAME] [-o FILE] [--max-bytes SIZE] [--keep N] [--quiet] -- PROGRAM [ARG…]",
  summary: "runs a program and records it, with its children, into one file",
  help: `Starts the program with otel-rerun/register in front of it, by NODE_OPTIONS, so that npm start, tsx and others work as well. Signals
go on to the program, and its exit code is ours. At the end the files of all its processes are joined, and routes are printed.

  --live             opens the viewer in the browser while the program runs, with a list of the traces so far; its address is printed
  --service NAME     as OTEL_SERVICE_NAME
  -o, --output FILE  as OTEL_RERUN_FILE; default: recordings/<time>-<service>-<pid>.rrd
  --max-bytes SIZE   as OTEL_RERUN_MAX_BYTES; default 256MiB
  --keep N           as OTEL_RERUN_KEEP, runs that stay in recordings; default ${DEFAULT_KEEP}
  --quiet            as OTEL_RERUN_QUIET: prints nothing

  otel-rerun record --service shop -- node app.js
  otel-rerun record --live -- npm start`,

  async run(args) {
    const end = args.indexOf("--");
    const program = end < 0 ? [] : args.slice(end + 1);
    const { values, positionals } = parseArguments(end < 0 ? args : args.slice(0, end), {
      options: {
        live: { type: "boolean" },
        service: { type: "string" },
        output: { type: "string", short: "o" },
        "max-bytes": { type: "string" },
        keep: { type: "string" },
        quiet: { type: "boolean" },
      },
    });
    const [command, ...rest] = program;
    if (command === undefined || positionals.length > 0) {
      const given = positionals.length > 0 ? positionals.join(" ") : "node app.js";
      throw new UsageError(`the program stands behind --: otel-rerun record -- ${given}`);
    }
    const maxBytes = values["max-bytes"];
    if (maxBytes !== undefined && !parseBytes(maxBytes))
      throw new UsageError(`--max-bytes takes a size, not ${maxBytes}`);
    if (values.keep !== undefined && !/^[1-9]\d*$/.test(values.keep)) {
      throw new UsageError(`--keep takes a number of runs from 1 on, not ${values.keep}`);
    }
    const isQuiet = values.quiet === true || process.env.OTEL_RERUN_QUIET === "1";
    const given = values.output ?? process.env.OTEL_RERUN_FILE;
    const path = resolve(given || join("recordings", `${nameOf(values.service, rest)}.rrd`));
    const env = environmentOf(path, { service: values.service, maxBytes });
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new UsageError(`${path} exists, and a recording is not overwritten; choose another name`);
    }
    const live = values.live === true ? await showLive(path, ["record", ...args]) : undefined;
    if (live !== undefined) env.OTEL_RERUN_CONNECT = live.proxy;
    let outcome: ProgramEnd;
    try {
      if (given) mkdirSync(dirname(path), { recursive: true });
      else makeRoom(path, Number(values.keep ?? process.env.OTEL_RERUN_KEEP ?? DEFAULT_KEEP));
      outcome = await runProgram(command, rest, env);
      if (outcome.forwarded !== undefined) await signalLeftBehind(path, outcome.forwarded);
    } finally {
      await live?.close();
    }
    if (!isQuiet) await summarise(path);
    else await joinSegments(path);
    return outcome.exitCode;
  },
};

/** On standard error, also when quiet: without its address it is of no use. */
async function showLive(path: string, typed: readonly string[]): Promise<LiveViewer> {
  const live = await startLiveViewer(() => filesOfRun(path), typed);
  process.stderr.write(`otel-rerun: live at ${live.url}\n`);
  if (process.stderr.isTTY) openInBrowser(live.url);
  return live;
}

/** It stands beside us in the package. */
function registerPath(): string {
  return fileURLToPath(new URL("./register.cjs", import.meta.url));
}

function environmentOf(
  path: string,
  { service, maxBytes }: { readonly service: string | undefined; readonly maxBytes: string | undefined },
): NodeJS.ProcessEnv {
  // a quote or backslash in the path would end the option (Node's rules for NODE_OPTIONS)
  const quoted = `"${registerPath().replace(/["\\]/g, "\\$&")}"`;
  const options = [process.env.NODE_OPTIONS, `--require ${quoted}`].filter(Boolean).join(" ");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: options,
    OTEL_RERUN_FILE: path,
    OTEL_RERUN_QUIET: "1",
  };
  if (service !== undefined) env.OTEL_SERVICE_NAME = service;
  if (maxBytes !== undefined) env.OTEL_RERUN_MAX_BYTES = maxBytes;
  // the run is one of its own, also where we are started by a program that is recorded
  delete env[PARENT_VARIABLE];
  delete env[RECORDING_ID_VARIABLE];
  return env;
}

/** As the program itself would name its file. */
function nameOf(service: string | undefined, args: readonly string[]): string {
  const script = args.find((arg) => /\.[cm]?[jt]s$/.test(arg));
  const name = service ?? serviceName(process.env, script === undefined ? undefined : resolve(script), workingFolder());
  return runName(new Date(), name, process.pid);
}

function makeRoom(path: string, keep: number): void {
  const folder = dirname(path);
  try {
    prepareFolder(folder);
  } catch (cause) {
    const message = `${folder} cannot be written: ${(cause as Error).message}; name a file with -o`;
    throw new RerunError("ERR_RERUN_FILE", message, { cause });
  }
  pruneRuns(folder, { keep, maxBytes: MAX_TOTAL_BYTES, current: runOf(basename(path)) });
}

/** On standard error: what the program prints stays its own. */
async function summarise(path: string): Promise<void> {
  const { files, running } = await joinSegments(path);
  const say = (line: string): void => void process.stderr.write(`otel-rerun: ${line}\n`);
  const filled = files.filter((file) => !holdsNothing(file));
  if (filled.length === 0 && running.length === 0) {
    say(
      "nothing was recorded: the program was no Node.js program, did nothing that is recorded, or was ended by force",
    );
    say("test runners end their workers by force: flush at the end of a test file, and run vitest with --pool=forks");
    return;
  }
  const bytes = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const routes = await routeTable(new TraceArchive(await archiveInputs(filled)));
  const { requests, failed, calls } = requestCounts(routes);
  const facts = [
    counted(requests, "request"),
    `${failed} failed`,
    ...(calls > 0 ? [`${counted(calls, "call")} outside of requests`] : []),
    `${bytesText(bytes)} recorded`,
  ];
  say(facts.join(", "));
  for (const line of routeLines(routes, SHOWN_ROUTES)) process.stderr.write(line === "" ? "\n" : `  ${line}\n`);
  for (const file of running) say(`still being written, by a process that was left behind: ${file}`);
  if (filled.length === 0) return;
  say(`open with: npx otel-rerun view ${filled.map((file) => relative(workingFolder(), file)).join(" ")}`);
}
