import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bytesText } from "../bytes/byte-size.ts";
import { RerunError } from "../errors.ts";
import { screenshot } from "../page/screenshot/screenshot.ts";
import { serveViewer, type ViewerServer } from "../page/viewer-server.ts";
import { openInBrowser } from "../recording/sinks/open-in-browser.ts";
import { parseArguments } from "./arguments.ts";
import { assertRecording } from "./assert-recording.ts";
import type { Command } from "./command.ts";
import { ended } from "./ended.ts";
import { listRecordings } from "./list-recordings.ts";
import { ListedTraces } from "./listed-traces.ts";
import { DEFAULT_FOLDER, isFolder, newestRun } from "./newest-run.ts";
import { assertNotAnInput } from "./not-an-input.ts";
import { cannotWrite, writeJson, writeLine } from "./output.ts";
import { portOf } from "./port.ts";
import { terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Of a picture, in pixels. */
const SIZE = { width: 1600, height: 1000 };

export const view: Command = {
  name: "view",
  usage: "[FILE… | FOLDER | --sample] [--port N] [--open] [--screenshot OUT.png] [--native] [--json]",
  summary: "opens recordings in the official viewer, in the browser",
  help: `Serves a page on 127.0.0.1 with the official Rerun viewer (npm package @rerun-io/web-viewer) and a list of all traces, errors first.
The list is searched by expressions (otel-rerun print --help); a click shows the waterfall. A recording that is still being
written opens as it is now. Ends with Ctrl+C.

  FOLDER                its newest run; default: ${DEFAULT_FOLDER}
  --sample              the recording of a small shop that comes with the package
  --port N              default: any free port
  --open                opens the page in your browser, too
  --screenshot OUT.png  takes a picture of the page (${SIZE.width} × ${SIZE.height}) by a Chromium, Chrome or Edge that is installed, and ends;
                        CHROMIUM is the path of another one
  --native              opens the native viewer, the program rerun on the PATH, instead
  --json                address or picture, for programs

  otel-rerun view recordings/run.rrd
  otel-rerun view --sample --open`,

  async run(args) {
    const { values, positionals } = parseArguments(args, {
      options: {
        sample: { type: "boolean" },
        port: { type: "string" },
        open: { type: "boolean" },
        screenshot: { type: "string" },
        native: { type: "boolean" },
        json: { type: "boolean" },
      },
    });
    const { native, screenshot: picture, json = false } = values;
    if (native === true && (picture !== undefined || values.open === true || json)) {
      throw new UsageError("--native opens a window of its own; leave the other options out");
    }
    const port = portOf("--port", values.port, 0);
    const files = filesOf(positionals, values.sample === true);
    if (native === true) return openNative(files);
    if (picture !== undefined) assertNotAnInput(picture, files, "the recording itself");
    const traces = new ListedTraces(() => files);
    const recordings = () => listRecordings(files);
    const server = await serveViewer({
      files,
      port,
      recordings,
      traces,
      typed: ["view", ...args],
    });
    try {
      if (picture !== undefined) {
        await takePicture(server, picture, (await recordings()).length, json);
      } else {
        if (json) await writeJson({ url: server.url, files });
        else await writeLine(terminal().isInteractive ? `${server.url}  (Ctrl+C ends it)` : server.url);
        if (values.open === true) openInBrowser(server.url);
        await ended();
      }
    } finally {
      await server.close();
      await traces.close();
    }
    return 0;
  },
};

function filesOf(given: readonly string[], isSample: boolean): string[] {
  if (isSample && given.length > 0) throw new UsageError("--sample is a recording itself; leave the files out");
  // it stands beside us in the package
  if (isSample) return [fileURLToPath(new URL("./sample.rrd", import.meta.url))];
  if (given.includes("-")) throw new UsageError("view needs files: the page may be loaded again");
  if (given.length === 0) return newestRun(DEFAULT_FOLDER);
  const files = given.flatMap((path) => (isFolder(path) ? newestRun(path) : [path]));
  for (const file of files) assertRecording(file);
  return files;
}

async function takePicture(server: ViewerServer, output: string, recordings: number, json: boolean): Promise<void> {
  const png = await screenshot(server.url, { ...SIZE, recordings });
  try {
    // like a recording: what was recorded is the owner's to show
    await writeFile(output, png, { mode: 0o600 });
  } catch (cause) {
    cannotWrite(output, cause);
  }
  if (json) await writeJson({ output, ...SIZE, bytes: png.length });
  else await writeLine(`${output}: ${SIZE.width} × ${SIZE.height}, ${bytesText(png.length)}`);
}

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
