import { serveViewer } from "../page/viewer-server.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { listRecordings } from "./list-recordings.ts";
import { UsageError } from "./usage-error.ts";

export const view: Command = {
  name: "view",
  usage: "FILE… [--port N]",
  summary: "opens recordings in the official viewer, in the browser",
  help: `Serves a page on 127.0.0.1 with the official Rerun viewer (npm package @rerun-io/web-viewer) and the recordings.
A recording that is still being written opens as it is now. Ends with Ctrl+C.

  --port N   default: any free port

  otel-rerun view recordings/run.rrd`,

  async run(args) {
    const { values, positionals: files } = parseArguments(args, { options: { port: { type: "string" } } });
    if (files.length === 0) throw new UsageError("view needs the path of a recording");
    const server = await serveViewer({ files, port: portNumber(values.port), recordings: () => listRecordings(files) });
    process.stdout.write(`${server.url}\n`);
    await new Promise<void>((resolve) => {
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
    });
    await server.close();
    return 0;
  },
};

function portNumber(text = "0"): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}
