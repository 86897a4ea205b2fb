import { lstatSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeFolder } from "./private-folder.ts";

/** What somebody outside is told. */
export interface DumpAnswer {
  readonly files: readonly string[];
  readonly error?: string;
}

/** Where a process can be asked for a dump: a socket in a folder of the user's own, or a named pipe. */
export function doorOf(pid: number, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") return `\\\\.\\pipe\\otel-rerun-${pid}`;
  return join(tmpdir(), `otel-rerun-${process.getuid?.() ?? ""}`, `${pid}.sock`);
}

/**
 * Answers each connection with a dump. It listens on the writer's thread, so it answers while the application's is blocked. Nothing is read:
 * there is one thing to ask for. The process does not stay alive for it.
 *
 * @throws as `node:fs` where the folder is not the user's own
 */
export function openDoor(dump: () => DumpAnswer, onError: (error: Error) => void): Server {
  const path = doorOf(process.pid);
  if (process.platform !== "win32") preparePlace(path);
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.end(`${JSON.stringify(dump())}\n`);
  });
  server.on("error", onError);
  server.listen(path);
  server.unref();
  return server;
}

/**
 * Asks a process for a dump.
 * @throws as `node:net`: ENOENT or ECONNREFUSED where no black box is
 */
export function askForDump(pid: number, timeoutMillis: number): Promise<DumpAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(doorOf(pid));
    socket.setEncoding("utf8");
    socket.setTimeout(timeoutMillis, () => socket.destroy(new Error(`no answer within ${timeoutMillis} ms`)));
    socket.on("data", (part) => {
      text += part;
    });
    socket.on("error", reject);
    socket.on("end", () => {
      try {
        resolve(JSON.parse(text) as DumpAnswer);
      } catch {
        reject(new Error("the process answered something else"));
      }
    });
  });
}

/** The temporary directory is everybody's: a folder that somebody else has put there is not used. */
function preparePlace(path: string): void {
  const folder = dirname(path);
  makeFolder(folder);
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || stats.uid !== process.getuid?.() || (stats.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a folder of this user alone`);
  }
  // of a process that had the same number
  rmSync(path, { force: true });
}
