import { spawn as spawnProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { connect, createServer } from "node:net";
import { delimiter, isAbsolute, join } from "node:path";
import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import { DEFAULT_PROXY_PORT, proxyUrl } from "../../sinks/grpc/proxy-address.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import type { SinkOptions } from "../recording-options.ts";
import { connectToGrpc, serveOverGrpc } from "./sinks-of-recording.ts";
import { serveWebViewer } from "./web-viewer.ts";

export interface SpawnOptions extends SinkOptions {
  /** Where the viewer listens; one that listens there already is used. "auto": a new one, on any free port. Default 9876. */
  readonly port?: number | "auto";
  /** Send the recording to it. Default true. */
  readonly connect?: boolean;
  /** What the viewer may keep: `"16GB"` or a part of the machine's memory. Default "75%". */
  readonly memoryLimit?: string;
  /** What the viewer keeps for those that connect to it in turn: as `memoryLimit`. Default "1GiB". */
  readonly serverMemoryLimit?: string;
  /** Default false. */
  readonly hideWelcomeScreen?: boolean;
  /** Looked for in PATH. Default `rerun`. */
  readonly executableName?: string;
  /** This one and no other. */
  readonly executablePath?: string;
}

const NAMES = optionNames<SpawnOptions>({
  defaultBlueprint: true,
  port: true,
  connect: true,
  memoryLimit: true,
  serverMemoryLimit: true,
  hideWelcomeScreen: true,
  executableName: true,
  executablePath: true,
});

/** A viewer that shows the recording. */
export interface SpawnedViewer {
  /** `native`: started now; `running`: was there before; `web`: our page, because there is no `rerun` in PATH. */
  readonly kind: "native" | "running" | "web";
  /** What it reads from; of a page, where it is. */
  readonly url: string;
  /** Of the process that was started. */
  readonly pid?: number;
}

/** As official SDKs wait: 30 times 200 ms. */
const ATTEMPTS = 30;
const PAUSE_MILLIS = 200;

/** How long somebody who listens may take to say so, in milliseconds. */
const PROBE_MILLIS = 1000;

/**
 * Starts a viewer of its own, which stays when this process ends, and sends the recording to it.
 *
 *   somebody listens on the port ─▶ that one      `rerun` in PATH ─▶ a native viewer      else ─▶ serveGrpc and our page
 *
 * @throws RerunError ERR_RERUN_FILE if `executablePath` cannot be run; ERR_RERUN_SINK if the viewer ends or does not listen in time;
 * ERR_RERUN_MISSING_PEER if there is neither a `rerun` nor the package of the web viewer
 */
export async function spawnViewer(intake: RecordingIntake, given: SpawnOptions): Promise<SpawnedViewer | undefined> {
  if (!intake.isEnabled) return undefined;
  const options = checkedOptions("spawn", given, NAMES);
  const { port: wanted = DEFAULT_PROXY_PORT, connect: connects = true, defaultBlueprint } = options;
  const port = wanted === "auto" ? await freePort() : wanted;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `port must be a number from 1 to 65535, or "auto"; got ${String(port)}`);
  }
  const url = proxyUrl({ host: "127.0.0.1", port, isSecure: false });
  let viewer: SpawnedViewer;
  if (await listens(port)) viewer = { kind: "running", url };
  else {
    const executable = executableOf(options);
    if (executable === undefined) return showInPage(intake, port, options);
    viewer = { kind: "native", url, pid: await start(executable, port, options) };
  }
  if (connects) connectToGrpc(intake, url, defaultBlueprint === undefined ? {} : { defaultBlueprint });
  return viewer;
}

async function showInPage(intake: RecordingIntake, port: number, options: SpawnOptions): Promise<SpawnedViewer> {
  const { defaultBlueprint, serverMemoryLimit } = options;
  const served = {
    port,
    ...(defaultBlueprint && { defaultBlueprint }),
    ...(serverMemoryLimit && { serverMemoryLimit }),
  };
  const { url: connectTo } = await serveOverGrpc(intake, served);
  const { url } = await serveWebViewer({ port: 0, connectTo, openBrowser: true });
  return { kind: "web", url };
}

async function start(executable: string, port: number, options: SpawnOptions): Promise<number> {
  const { memoryLimit = "75%", serverMemoryLimit = "1GiB", hideWelcomeScreen = false } = options;
  const args = [
    `--port=${port}`,
    `--memory-limit=${memoryLimit}`,
    `--server-memory-limit=${serverMemoryLimit}`,
    "--expect-data-soon",
  ];
  if (hideWelcomeScreen) args.push("--hide-welcome-screen");
  const env = { ...process.env, RERUN_APP_ONLY: "true" };
  const child = spawnProcess(executable, args, { detached: true, stdio: "ignore", env });
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", (code, signal) => {
    failure ??= `it ended with ${code ?? signal}`;
  });
  for (let attempt = 0; attempt < ATTEMPTS && failure === undefined; attempt++) {
    if (await listens(port)) {
      child.unref();
      return child.pid as number;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
  child.unref();
  throw new RerunError(
    "ERR_RERUN_SINK",
    `the viewer ${executable} did not come up: ${failure ?? `nobody listens on port ${port}`}. Without a screen use serveGrpc`,
  );
}

function executableOf({ executablePath, executableName = "rerun" }: SpawnOptions): string | undefined {
  if (executablePath !== undefined) {
    if (isExecutable(executablePath)) return executablePath;
    throw new RerunError("ERR_RERUN_FILE", `${executablePath} cannot be run; name the rerun executable`);
  }
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  const folders = isAbsolute(executableName) ? [""] : (process.env.PATH ?? "").split(delimiter);
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = join(folder, executableName + ending);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: PROBE_MILLIS });
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", answer(true)).once("error", answer(false)).once("timeout", answer(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
