import { spawn } from "node:child_process";
import { RerunError } from "../errors.ts";
import { serveViewer } from "../page/viewer-server.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { listRecordings } from "./list-recordings.ts";
import { ListedTraces } from "./listed-traces.ts";
import { isFolder, newestRun } from "./newest-run.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_FOLDER = "recordings";

export const view: Command = {
  name: "view",
  usage: "[FILE… | FOLDER] [--port N] [--native]",
  summary: "opens recordings in the official viewer, in the browser",
  help: `Serves a page on 127.0.0.1 with the official Rerun viewer (npm package @rerun-io/web-viewer) and a list of all traces, errors first.
The list is searched by expressions (otel-rerun print --help); a click shows the waterfall. A recording that is still being
written opens as it is now. Ends with Ctrl+C.

  FOLDER     its newest run; default: ${DEFAULT_FOLDER}
  --port N   default: any free port
  --native   opens the native viewer, the program rerun on the PATH, instead

  otel-rerun view recordings/run.rrd`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: { port: { type: "string" }, native: { type: "boolean" } },
    });
    const files = (positionals.length === 0 ? [DEFAULT_FOLDER] : positionals).flatMap((path) =>
      isFolder(path) || positionals.length === 0 ? newestRun(path) : [path],
    );
    if (files.includes("-")) throw new UsageError("view needs files: the page may be loaded again");
    if (values.native === true) return openNative(files);
    const traces = new ListedTraces(files);
    const recordings = () => listRecordings(files);
    const server = await serveViewer({ files, port: portNumber(values.port), recordings, traces });
    process.stdout.write(`${server.url}\n`);
    await new Promise<void>((resolve) => {
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
    });
    await server.close();
    await traces.close();
    return 0;
  },
};

function openNative(files: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const viewer = spawn("rerun", files, { stdio: "inherit" });
    viewer.once("error", (cause) => {
      const message = `the native viewer cannot be started (${cause.message}); install it: pip install rerun-sdk`;
      reject(new RerunError("ERR_RERUN_MISSING_PEER", message, { cause }));
    });
    viewer.once("exit", (code) => resolve(code ?? 1));
  });
}

function portNumber(text = "0"): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}
