import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Run {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `node` with arguments in a folder, without what the test runner put into the environment. Killed after `timeout` ms. */
export function node(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
  timeout = 60_000,
): Promise<Run> {
  return new Promise((resolve) => {
    const { PATH = "", HOME = "", TMPDIR } = process.env;
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, stdout, stderr });
    });
  });
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "otel-rerun-test-"));
}

/** The recordings in a folder, with their paths. */
export function recordingsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".rrd"))
    .map((name) => join(folder, name));
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
