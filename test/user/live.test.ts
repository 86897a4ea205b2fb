import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, inject, it } from "vitest";
import {
  describeWithChromium,
  describeWithOracle,
  dump,
  expectVerified,
  oraclePython,
  rerun,
  values,
} from "../oracle.ts";
import { launchBrowser } from "./browser.ts";
import { findColour } from "./picture.ts";
import { freePort, freshFolder, node } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const artefacts = join(root, "test/artefacts");
const { plain } = inject("consumers");

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await stop(child);
});

/** The program itself: the one on the path is a script that starts it, and would leave it behind when it is killed. */
const binary = () =>
  `${execFileSync(oraclePython, ["-c", "import rerun_cli, os; print(os.path.dirname(rerun_cli.__file__))"], {
    encoding: "utf8",
  }).trim()}/rerun`;

function start(command: string, args: readonly string[], cwd = plain): ChildProcess {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  return ended;
}

/** Resolves with what the pattern finds in the output, on whichever stream. */
function said(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    const look = (piece: Buffer) => {
      text += piece;
      const found = pattern.exec(text);
      if (found) resolve(found);
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}

/** The official server: notes what it is sent in a file. */
async function officialServer(port: number, file: string): Promise<ChildProcess> {
  const server = start(binary(), ["--save", file, "--bind", "127.0.0.1", "--port", String(port)]);
  await said(server, /Listening for gRPC/);
  return server;
}

const program = (text: string) => ["--input-type=module", "-e", `import * as rr from "otel-rerun";\n${text}`];

/** Values of `/a` in a file, as the official SDK reads it: each once, in order (a proxy that was lost is told some twice). */
function scalarsIn(file: string, recordingId: string): number[] {
  const store = dump(file, "/a").find((one) => one.kind === "recording" && one.recordingId === recordingId);
  const found = store === undefined ? [] : (values(store, "/a", "Scalars:scalars") as number[]);
  return [...new Set(found)].sort((a, b) => a - b);
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const LOG = `const log = (from, to) => {
  for (let i = from; i < to; i++) { rr.setTime("frame", { sequence: i }); rr.log("a", new rr.Scalars(i)); }
};
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
`;

describeWithOracle("connectGrpc, to the official server", () => {
  it.each(["thread", "inline"])("delivers everything of a program that just ends; writer: %s (I4)", async (where) => {
    const file = join(freshFolder(), "out.rrd");
    const port = await freePort();
    const server = await officialServer(port, file);
    const { status, stderr } = await node(
      plain,
      program(`${LOG}
        rr.init("live", { recordingId: "ends" }).connectGrpc("rerun+http://127.0.0.1:${port}/proxy");
        log(0, 500);`),
      { OTEL_RERUN_WRITER: where },
    );
    expect([status, stderr]).toEqual([0, ""]);
    await stop(server, "SIGINT");
    expect(scalarsIn(file, "ends")).toEqual(numbers(0, 500));
    const whole = `${file}.whole.rrd`;
    expect(rerun("rrd", "optimize", "-o", whole, file)).toMatchObject({ status: 0 });
    expectVerified(whole);
  });

  it("delivers on process.exit once the writer is up, and on an error that nobody catches (I4)", async () => {
    const file = join(freshFolder(), "out.rrd");
    const port = await freePort();
    const server = await officialServer(port, file);
    for (const end of ["process.exit(0)", "throw new Error('end')"]) {
      const id = end.slice(0, 5);
      await node(
        plain,
        program(`${LOG}
          const rec = rr.init("live", { recordingId: "${id}" });
          rec.connectGrpc("rerun+http://127.0.0.1:${port}/proxy");
          log(0, 10);
          await rec.flush();
          log(10, 200);
          ${end}`),
      );
    }
    await stop(server, "SIGINT");
    expect(scalarsIn(file, "proce")).toEqual(numbers(0, 200));
    expect(scalarsIn(file, "throw")).toEqual(numbers(0, 200));
  });

  it.each([
    ["process.exit(0)", "exit"],
    ["throw new Error('end')", "throw"],
  ])("delivers on %s before the writer is up (I4)", async (end, id) => {
    const file = join(freshFolder(), "out.rrd");
    const port = await freePort();
    const server = await officialServer(port, file);
    await node(
      plain,
      program(`${LOG}
        const rec = rr.init("live", { recordingId: "${id}" });
        rec.setSinks([rr.grpcSink("rerun+http://127.0.0.1:${port}/proxy"), rr.fileSink(${JSON.stringify(`${file}.own.rrd`)})]);
        log(0, 200);
        ${end}`),
    );
    await stop(server, "SIGINT");
    expect(scalarsIn(file, id)).toEqual(numbers(0, 200));
    expect(scalarsIn(`${file}.own.rrd`, id)).toEqual(numbers(0, 200));
  });

  it("the server is stopped and started again in mid-stream: the rest arrives, and what the first one had (C27)", async () => {
    const folder = freshFolder();
    const [first, second] = [join(folder, "first.rrd"), join(folder, "second.rrd")];
    const port = await freePort();
    let server = await officialServer(port, first);
    const app = start(
      process.execPath,
      program(`${LOG}
        const rec = rr.init("live", { recordingId: "restart" });
        rec.connectGrpc("rerun+http://127.0.0.1:${port}/proxy");
        log(0, 100);
        await rec.flush();
        console.log("first part");
        const state = () => rec.stats().sinks[0].connection;
        while (state() !== "lost") await pause(10);
        log(100, 200);
        console.log("second part");
        while (state() !== "connected") await pause(10);
        log(200, 300);
        await rec.shutdown();
        console.log(JSON.stringify(rec.stats().rowsDropped));`),
    );
    await said(app, /first part/);
    await stop(server);
    await said(app, /second part/);
    server = await officialServer(port, second);
    expect((await said(app, /\{.*\}/))[0]).toBe("{}");
    await stop(server, "SIGINT");
    expect(scalarsIn(second, "restart")).toEqual(numbers(0, 300));
  });
});

describe("connectGrpc, to nobody", () => {
  const millisOf = async (sink: string, where: string) => {
    const began = performance.now();
    const code = `${LOG} rr.init("live").${sink}; log(0, 20_000); await pause(300); log(20_000, 20_100);`;
    const { status, stderr } = await node(plain, program(code), { OTEL_RERUN_WRITER: where });
    expect(status, stderr).toBe(0);
    return performance.now() - began;
  };

  it.each(["thread", "inline"])("the end waits no longer than its deadline; writer: %s (C26)", async (where) => {
    const plainMillis = await millisOf(`save(${JSON.stringify(join(freshFolder(), "x.rrd"))})`, where);
    const millis = await millisOf(`connectGrpc("rerun+http://127.0.0.1:${await freePort()}/proxy")`, where);
    expect(millis - plainMillis, "beyond the same program with a file").toBeLessThan(2000);
  });

  it.each(["thread", "inline"])(
    "costs the caller what a file costs, and every row that is lost is counted; writer: %s (I3, I7)",
    async (where) => {
      const file = join(freshFolder(), "x.rrd");
      const { status, stdout, stderr } = await node(
        plain,
        program(`
        import { randomBytes } from "node:crypto";
        const noise = Array.from({ length: 8 }, () => new Uint8Array(randomBytes(32 << 10)));
        const dead = new rr.RecordingStream("dead");
        dead.connectGrpc("rerun+http://127.0.0.1:${await freePort()}/proxy", { maxBufferedBytes: 1 << 20 });
        const filed = new rr.RecordingStream("filed");
        filed.save(${JSON.stringify(file)});
        const round = async (rec) => {
          const began = performance.now();
          for (let i = 0; i < 1000; i++) rec.log("a", new rr.Scalars(i));
          for (const data of noise) rec.log("b", new rr.Tensor(data, { shape: [data.length] }));
          const millis = performance.now() - began;
          await new Promise((resolve) => setTimeout(resolve, 20));
          return millis;
        };
        const fastest = { dead: Infinity, filed: Infinity };
        for (let i = 0; i < 25; i++) {
          fastest.dead = Math.min(fastest.dead, await round(dead));
          fastest.filed = Math.min(fastest.filed, await round(filed));
        }
        await filed.shutdown();
        await dead.shutdown({ timeoutMillis: 200 }).catch(() => {});
        const { rowsAccepted: accepted, rowsDropped: dropped } = dead.stats();
        console.log(JSON.stringify({ fastest, accepted, dropped }));`),
        { OTEL_RERUN_WRITER: where },
      );
      expect(status, stderr).toBe(0);
      const { fastest, accepted, dropped } = JSON.parse(stdout);
      expect(fastest.dead).toBeLessThan(3 * fastest.filed);
      expect(accepted).toBeGreaterThan(25 * 1008); // the recording's properties too
      expect(dropped).toEqual({ sink: accepted });
    },
  );

  it("shutdown ends within its deadline, and says what is lost (C28, I3)", async () => {
    const port = await freePort();
    const { status, stdout, stderr } = await node(
      plain,
      program(`${LOG}
        const rec = rr.init("live");
        rec.connectGrpc("rerun+http://127.0.0.1:${port}/proxy");
        log(0, 100);
        while (rec.stats().sinks.length === 0) await pause(10); // until the writer is up
        const began = performance.now();
        const error = await rec.shutdown({ timeoutMillis: 500 }).catch((error) => error);
        console.log(JSON.stringify({ code: error?.code, isLate: performance.now() - began > 500 + 2000 }));
        await pause(500);`),
    );
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/10[01] rows .* are lost/);
    expect(JSON.parse(stdout)).toMatchObject({
      code: expect.stringMatching(/ERR_RERUN_(SINK|FLUSH_TIMEOUT)/),
      isLate: false,
    });
  });
});

describeWithOracle("serveGrpc, read by the official client", () => {
  it("what was logged before and after it connected, with a footer at the end", async () => {
    const file = join(freshFolder(), "served.rrd");
    const app = start(
      process.execPath,
      program(`${LOG}
        const rec = rr.init("live", { recordingId: "served" });
        log(0, 100);
        const { url } = await rec.serveGrpc({ port: 0 });
        console.log(url);
        while (!(rec.stats().sinks[0].readers > 0)) await pause(10);
        log(100, 200);
        await rec.flush();
        log(200, 300);
        await rec.shutdown();`),
    );
    const [url] = await said(app, /rerun\+http:\S+/);
    const client = start(binary(), ["--connect", url, "--save", file, "--bind", "127.0.0.1"]);
    await said(client, /File saved/);
    expect(scalarsIn(file, "served")).toEqual(numbers(0, 300));
    expectVerified(file);
  });

  it("the official SDK logs to it too, and the client gets both", async () => {
    const file = join(freshFolder(), "both.rrd");
    const app = start(
      process.execPath,
      program(`${LOG}
        const rec = rr.init("live", { recordingId: "ours" });
        const { url } = await rec.serveGrpc({ port: 0 });
        log(0, 10);
        console.log(url);
        while (!(rec.stats().sinks[0].readers > 0)) await pause(10);
        await rec.shutdown();`),
    );
    const [url] = await said(app, /rerun\+http:\S+/);
    const script = `
import rerun as rr
rec = rr.RecordingStream("theirs", recording_id="theirs")
rec.connect_grpc("${url}")
for i in range(10):
    rec.log("a", rr.Scalars(i))
rec.flush()
`;
    execFileSync(oraclePython, ["-c", script]);
    const client = start(binary(), ["--connect", url, "--save", file, "--bind", "127.0.0.1"]);
    await said(client, /File saved/);
    expect(scalarsIn(file, "ours")).toEqual(numbers(0, 10));
    expect(scalarsIn(file, "theirs")).toEqual(numbers(0, 10));
  });
});

describeWithOracle("stdout and spawn", () => {
  it("the standard output is a recording, whole also when it ends by process.exit", async () => {
    const file = join(freshFolder(), "piped.rrd");
    for (const [where, end] of [
      ["thread", "await pause(200); log(500, 1000); process.exit(0)"],
      ["inline", "log(500, 1000)"],
    ]) {
      const code = `${LOG} rr.init("live", { recordingId: "piped" }).stdout(); log(0, 500); ${end}`;
      const output = execFileSync(process.execPath, program(code), {
        cwd: plain,
        maxBuffer: 1 << 30,
        env: { ...process.env, OTEL_RERUN_WRITER: where },
      });
      writeFileSync(file, output);
      expectVerified(file);
      expect(scalarsIn(file, "piped")).toEqual(numbers(0, 1000));
    }
  });

  it("spawn starts the viewer, which stays, and the next one is taken as it runs", async () => {
    const folder = freshFolder();
    const file = join(folder, "spawned.rrd");
    const executable = join(folder, "rerun");
    // a viewer needs a screen, so this one only keeps what it gets
    writeFileSync(
      executable,
      `#!/bin/sh\necho "$@" > ${folder}/arguments\nexec ${binary()} --save ${file} --bind 127.0.0.1 "$1"\n`,
    );
    chmodSync(executable, 0o755);
    const port = await freePort();
    const code = (id: string) => `${LOG}
      const rec = rr.init("live", { recordingId: "${id}" });
      const viewer = await rec.spawn({ port: ${port}, hideWelcomeScreen: true });
      log(0, 20);
      console.log(JSON.stringify(viewer));`;
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const first = await node(plain, program(code("first")), env);
    expect(first.status, first.stderr).toBe(0);
    const { kind, pid, url } = JSON.parse(first.stdout);
    try {
      expect([kind, url]).toEqual(["native", `rerun+http://127.0.0.1:${port}/proxy`]);
      expect(readFileSync(join(folder, "arguments"), "utf8").trim().split(" ")).toEqual([
        `--port=${port}`,
        "--memory-limit=75%",
        "--server-memory-limit=1GiB",
        "--expect-data-soon",
        "--hide-welcome-screen",
      ]);
      const second = await node(plain, program(code("second")), env);
      expect(JSON.parse(second.stdout)).toEqual({ kind: "running", url });
    } finally {
      process.kill(pid, "SIGINT");
    }
    await expect.poll(() => scalarsIn(file, "first"), { timeout: 20_000 }).toEqual(numbers(0, 20));
    expect(scalarsIn(file, "second")).toEqual(numbers(0, 20));
  });
});

describe("spawn without a viewer to start", () => {
  const attempt = (options: string, env: Record<string, string> = {}) =>
    node(
      plain,
      program(`const rec = new rr.RecordingStream("live");
        const error = await rec.spawn(${options}).catch((error) => error);
        console.log(error?.code, error?.message);
        process.exit(0);`),
      env,
    );

  it("a program that cannot be run, or that ends: a typed error", async () => {
    const port = await freePort();
    expect((await attempt(`{ port: ${port}, executablePath: "/nowhere/rerun" }`)).stdout).toContain("ERR_RERUN_FILE");
    const { stdout } = await attempt(`{ port: ${port}, executablePath: "/bin/false" }`);
    expect(stdout).toContain("ERR_RERUN_SINK");
    expect(stdout).toContain("it ended with 1");
  });

  it("neither program nor web viewer: the error says what to install", async () => {
    const { stdout, stderr } = await attempt(`{ port: ${await freePort()}, executableName: "no-such-rerun" }`);
    expect(stdout, stderr).toContain("ERR_RERUN_MISSING_PEER");
    expect(stdout).toContain("npm install");
  });
});

describe("spawn with the web viewer's package instead of a viewer", () => {
  it("serves the recording and a page that reads it, and opens the browser on it", async () => {
    const folder = freshFolder();
    const opener = join(folder, "xdg-open");
    writeFileSync(opener, `#!/bin/sh\necho "$1" > ${folder}/opened\n`);
    chmodSync(opener, 0o755);
    const file = join(plain, "spawn-web.mjs");
    writeFileSync(
      file,
      `import * as rr from "otel-rerun";
       const rec = rr.init("live", { recordingId: "web" });
       const viewer = await rec.spawn({ port: "auto", executableName: "no-such-rerun" });
       console.log(JSON.stringify({ ...viewer, sink: String(rec.stats().sinks[0]?.kind) }));
       setInterval(() => {}, 1000);`,
    );
    // the package is looked for where the program runs
    const app = spawn(process.execPath, [file], {
      cwd: root,
      env: { ...process.env, PATH: `${folder}:/usr/bin:/bin` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(app);
    const { kind, url, sink } = JSON.parse((await said(app, /\{.*\}/))[0]);
    expect([kind, sink]).toEqual(["web", "grpc-server"]);
    const page = await (await fetch(url)).text();
    const [served] = /rerun\+http:\/\/127\.0\.0\.1:\d+\/proxy/.exec(page) ?? [];
    expect(served).toBeDefined();
    const preflight = await fetch(
      `${served?.replace(/^rerun\+/, "").replace(/\/proxy$/, "")}/rerun.sdk_comms.v1alpha1.MessageProxyService/ReadMessages`,
      { method: "OPTIONS", headers: { origin: new URL(url).origin } },
    );
    expect(preflight.status).toBe(204);
    if (process.platform === "linux") {
      await expect
        .poll(() => existsSync(join(folder, "opened")) && readFileSync(join(folder, "opened"), "utf8").trim())
        .toBe(url);
    }
  });
});

describeWithChromium("the official web viewer, live", () => {
  it("reads from serveGrpc by gRPC-web, and shows what is logged after it connected; nothing leaves loopback", async () => {
    mkdirSync(artefacts, { recursive: true });
    const file = join(plain, "live-web.mjs");
    writeFileSync(
      file,
      `import * as rr from "otel-rerun";
       ${LOG}
       const rec = rr.init("live web", { recordingId: "web" });
       const { url } = await rec.serveGrpc({ port: 0 });
       const viewer = await rec.serveWebViewer({ port: 0 });
       console.log(viewer.url);
       while (!(rec.stats().sinks[0].readers > 0)) await pause(50);
       await pause(1000);
       console.log("connected");
       const pixels = new Uint8Array(64 * 64 * 3);
       for (let i = 0; i < pixels.length; i += 3) pixels.set([255, 0, 255], i);
       for (let i = 0; ; i++) {
         rr.setTime("frame", { sequence: i });
         rr.log("picture", new rr.Image(pixels, { width: 64, height: 64 }));
         await pause(200);
       }`,
    );
    const app = start(process.execPath, [file], root);
    const [pageUrl] = await said(app, /http:\/\/127\.0\.0\.1:\d+\S*/);
    const connected = said(app, /connected/);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
      const foreign: string[] = [];
      page.on("request", (request) => {
        if (!/^(http:\/\/127\.0\.0\.1[:/]|data:|blob:)/.test(request.url())) foreign.push(request.url());
      });
      await page.goto(pageUrl);
      await connected;
      const opened = () => page.evaluate("(globalThis.otelRerun?.recordings ?? []).map((one) => one.applicationId)");
      await expect.poll(opened, { timeout: 60_000, interval: 250 }).toContain("live web");
      const judge = await browser.newPage();
      const path = join(artefacts, "live.png");
      const magenta = async () => (await findColour(page, judge, [255, 0, 255], { path })).pixels;
      await expect.poll(magenta, { timeout: 60_000, interval: 1000 }).toBeGreaterThan(10_000);
      expect(await page.evaluate("globalThis.otelRerun.errors")).toEqual([]);
      expect(foreign).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
