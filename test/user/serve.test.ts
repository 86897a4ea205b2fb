import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, rerunBinary, values } from "../oracle.ts";
import { freshFolder, recordingsIn } from "./run.ts";
import { type Served, serve } from "./served.ts";

const cli = join(inject("consumers").plain, "node_modules/otel-rerun/dist/cli.cjs");
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

async function start(args: readonly string[], cwd: string): Promise<Served> {
  const served = await serve(cli, args, cwd);
  running.push(served.process);
  return served;
}

/** A root span of one trace. */
const span = (trace: number, name: string) => ({
  traceId: trace.toString(16).padStart(32, "0"),
  spanId: trace.toString(16).padStart(16, "0"),
  name,
  startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(trace) * 1_000_000n),
  endTimeUnixNano: String(1_700_000_000_000_500_000n + BigInt(trace) * 1_000_000n),
});

async function send({ http }: Served, service: string, spans: readonly object[]): Promise<void> {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  const { status } = await fetch(`${http}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  expect(status).toBe(200);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const namesIn = (file: string): string[] =>
  dump(file, "/spans")
    .filter(({ kind, applicationId }) => kind === "recording" && !applicationId.endsWith(" requests"))
    .flatMap((store) => values(store, "/spans", "name").map(String));

describeWithOracle("where serve records to", () => {
  it("--connect: the viewer has it while it runs, the file has it as well", async () => {
    const folder = freshFolder();
    const [port, shown] = [await freePort(), join(folder, "shown.rrd")];
    const viewer = spawn(rerunBinary(), ["--save", shown, "--bind", "127.0.0.1", "--port", `${port}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(viewer);
    await new Promise<void>((resolve) => {
      const look = (text: Buffer) => String(text).includes("Listening") && resolve();
      viewer.stdout.on("data", look);
      viewer.stderr.on("data", look);
    });
    const file = join(folder, "run.rrd");
    const served = await start(["-o", file, "--connect", `rerun+http://127.0.0.1:${port}/proxy`], folder);
    await send(served, "shop", [span(1, "GET /first"), span(2, "GET /second")]);
    await expect.poll(() => namesIn(shown).sort(), { timeout: 60_000, interval: 1000 }).toContain("GET /second");
    await send(served, "shop", [span(3, "GET /third")]);
    expect(await served.end(), served.output()).toBe(0);
    const all = ["GET /first", "GET /second", "GET /third"];
    expect(namesIn(file).sort()).toEqual(all);
    expectVerified(file);
    const ended = new Promise((resolve) => viewer.once("close", resolve));
    viewer.kill("SIGINT");
    await ended;
    expect(namesIn(shown).sort()).toEqual(all);
  });

  it("--connect to nobody: the file is whole, and it ends", async () => {
    const folder = freshFolder();
    const file = join(folder, "run.rrd");
    const served = await start(["-o", file, "--connect", `rerun+http://127.0.0.1:${await freePort()}/proxy`], folder);
    await send(served, "shop", [span(1, "GET /first")]);
    expect(await served.end(), served.output()).toBe(0);
    expect(namesIn(file)).toEqual(["GET /first"]);
  });

  it("--per trace: a file for each, called after its id", async () => {
    const folder = freshFolder();
    const output = join(folder, "traces");
    const served = await start(["-o", output, "--per", "trace"], folder);
    const spans = [1, 2, 3].map((trace) => span(trace, `GET /${trace}`));
    await send(served, "shop", spans);
    expect(await served.end(), served.output()).toBe(0);
    expect(readdirSync(output).sort()).toEqual(spans.map(({ traceId }) => `${traceId}.rrd`));
    expectVerified(...recordingsIn(output));
  });

  it("--max-bytes: the oldest part goes, the newest stays, on disk it is bounded, what is left is valid", async () => {
    const folder = freshFolder();
    const served = await start(["-o", join(folder, "run.rrd"), "--max-bytes", "3mb"], folder);
    const COUNT = 6_000;
    for (let at = 0; at < COUNT; at += 500) {
      await send(
        served,
        "shop",
        Array.from({ length: 500 }, (_, i) => span(at + i + 1, `${at + i} ${noise(1000)}`)),
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await served.end(), served.output()).toBe(0);
    const files = recordingsIn(folder);
    expect(files.join(" ")).toMatch(/run\.\d+\.rrd$/); // what came after run.rrd, which is gone
    expect(files).not.toContain(join(folder, "run.rrd"));
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(3.75e6);
    const kept = files.flatMap((file) => namesIn(file).map((name) => Number(name.split(" ")[0]))).sort((a, b) => a - b);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept).toEqual(Array.from(kept, (_, at) => COUNT - kept.length + at));
    expectVerified(...files);
  });

  it("--live: a page with the viewer, and a list of the traces so far whose waterfalls can be had", async () => {
    const folder = freshFolder();
    const viewer = fileURLToPath(new URL("../../node_modules/@rerun-io/web-viewer", import.meta.url));
    mkdirSync(join(folder, "node_modules/@rerun-io"), { recursive: true });
    symlinkSync(viewer, join(folder, "node_modules/@rerun-io/web-viewer"), "junction");
    const served = await start(["-o", join(folder, "run.rrd"), "--live"], folder);
    const [, page] = /live +(http:\/\/127\.0\.0\.1:\d+\/)/.exec(served.output()) ?? [];
    const listed = async () => (await fetch(`${page}traces.json?where=`)).json();
    expect(await listed()).toEqual({ traces: [], total: 0 });
    const [first, second] = [span(1, "GET /first"), span(2, "GET /second")];
    await send(served, "shop", [first, second]);
    await expect.poll(listed, { timeout: 60_000, interval: 500 }).toMatchObject({ total: 2 });
    const waterfall = await fetch(`${page}traces/${first.traceId}.rrd`);
    expect(new Uint8Array(await waterfall.arrayBuffer()).subarray(0, 4)).toEqual(new Uint8Array(Buffer.from("RRF2")));
    expect(await served.end(), served.output()).toBe(0);
    expect(namesIn(join(folder, "run.rrd")).sort()).toEqual(["GET /first", "GET /second"]);
  });

  it("--json: a line with the addresses, a line with what came", async () => {
    const folder = freshFolder();
    const child = spawn(
      process.execPath,
      [cli, "serve", "-o", "run.rrd", "--json", "--http-port", "0", "--grpc-port", "0"],
      {
        cwd: folder,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    running.push(child);
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (piece) => (out += piece));
    await expect.poll(() => out).toContain("\n");
    const { http, grpc, output } = JSON.parse(out);
    expect([http, grpc, output]).toEqual([
      expect.stringMatching(/:\d+$/),
      expect.stringMatching(/:\d+$/),
      join(folder, "run.rrd"),
    ]);
    await send({ http } as Served, "shop", [span(1, "GET /first")]);
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    const [, summary, ...others] = out.trimEnd().split("\n");
    expect(JSON.parse(summary as string)).toMatchObject({ traces: 1, spans: 1, isRedacted: true, files: [output] });
    expect(others).toEqual([]);
  });

  it.each([
    [["--live", "--connect", "rerun+http://127.0.0.1:9876/proxy"], /use one of them/],
    [["--live", "--per", "trace"], /leave out --per trace/],
    [["--no-redact", "--redact-keys", "iban"], /--no-redact keeps everything/],
    [["--per", "trace", "--connect", "rerun+http://127.0.0.1:9876/proxy"], /leave out --per trace/],
    [["--connect", "somewhere"], /somewhere/],
    [["--per", "host"], /--per takes service or trace/],
    [["--max-bytes", "7"], /--max-bytes takes a size/],
  ])("%j is refused before anything is listened to", async (args, message) => {
    await expect(start(args, freshFolder())).rejects.toThrow(message);
  });
});

/** Text that does not pack well. */
function noise(length: number): string {
  let text = "";
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text.slice(0, length);
}
