// How the live benchmarks are run: a program that logs, and who listens. An arm is { command, args, cwd, env }.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./measure.mjs";

const readers = fileURLToPath(new URL("live-readers.mjs", import.meta.url));

/** The arm sends to the official server, which writes what it gets to a file. */
export async function received(venv, { command, args, cwd, env }) {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-bench-"));
  const port = await freePort();
  const binary = await firstLine(
    spawn(join(venv, "bin/python"), ["-c", "import rerun_cli, os; print(os.path.dirname(rerun_cli.__file__))"]),
  );
  const options = ["--save", join(folder, "x.rrd"), "--bind", "127.0.0.1", "--port", String(port)];
  const server = spawn(`${binary}/rerun`, options, { stdio: ["ignore", "ignore", "pipe"] });
  try {
    await firstLine(server, /Listening for gRPC/);
    const url = `rerun+http://127.0.0.1:${port}/proxy`;
    return await program(command, args, { cwd, env: { ...env, MODE: "connect", URL: url } });
  } finally {
    server.kill("SIGKILL");
    await new Promise((done) => server.once("exit", done));
    rmSync(folder, { recursive: true });
  }
}

/** The arm serves, and so many clients read: `wall` is from the first byte to the last one of them all. */
export async function fanOut({ command, args, cwd, env }, clients) {
  const server = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env, MODE: "serve" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = linesOf(server);
  const url = (await lines.next()).value;
  const reader = spawn(process.execPath, [readers], {
    env: { ...process.env, URL: url, CLIENTS: String(clients) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told = linesOf(reader);
  await told.next(); // ready
  server.stdin.write("go\n");
  const { wall, bytes } = JSON.parse((await told.next()).value);
  server.stdin.end();
  const result = JSON.parse((await lines.next()).value);
  server.kill("SIGKILL");
  if (Math.min(...bytes) !== Math.max(...bytes)) throw new Error(`clients got different amounts: ${bytes}`);
  return { ...result, wall };
}

async function* linesOf(child) {
  let text = "";
  for await (const piece of child.stdout.setEncoding("utf8")) {
    const parts = (text + piece).split("\n");
    text = parts.pop();
    yield* parts;
  }
  throw new Error("the program ended without an answer");
}

/** Its first line, or the first that fits. */
function firstLine(child, pattern = /.+/) {
  return new Promise((resolve, reject) => {
    let text = "";
    const look = (piece) => {
      text += piece;
      const line = text.split("\n").find((one) => pattern.test(one));
      if (line !== undefined) resolve(line.trim());
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
