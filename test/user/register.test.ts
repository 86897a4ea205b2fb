import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, rerun, values } from "../oracle.ts";
import { freshFolder, node, recordingsIn } from "./run.ts";

const { plain } = inject("consumers");

describeWithOracle("register: every way to load it, every way to end", () => {
  const crossings = [
    { load: "--import", app: "apps/server.mjs", express: "express" },
    { load: "--import", app: "apps/server.cjs", express: "express4" },
    { load: "--require", app: "apps/server.mjs", express: "express4" },
    { load: "--require", app: "apps/server.cjs", express: "express" },
  ];
  const modes = [
    { mode: "end", status: 0 },
    { mode: "exit", status: 3 },
    { mode: "throw", status: 1 },
  ];

  for (const { load, app, express } of crossings) {
    for (const { mode, status } of modes) {
      it(`${load} × ${app} × ${express} × ${mode}: one recording, no row lost (I4)`, async () => {
        const folder = freshFolder();
        const file = join(folder, "run.rrd");
        const list = join(folder, "list.txt");
        const env = { OTEL_RERUN_FILE: file, LIST: list, MODE: mode, EXPRESS: express };
        const run = await node(plain, [load, "otel-rerun/register", app], env);

        expect(run.status, run.stderr).toBe(status);
        expect(recordingsIn(folder)).toEqual([file]);
        expect(run.stderr).toContain(`recording to ${file}`);
        expectVerified(file);

        const logged = readFileSync(list, "utf8").trim().split("\n").map(Number);
        const said = JSON.parse(run.stderr.split("\n").find((line) => line.startsWith("{")) ?? "{}");
        const store = dump(file).find(({ recordingId }) => recordingId === said.recordingId);
        if (store === undefined) throw new Error("the recording that the app saw is not in the file");
        expect(store.applicationId).toBe(said.applicationId);
        expect(values(store, "/app/value", "Scalars:scalars")).toEqual(logged);
        expect(values(store, "/app/last", "TextLog:text")).toEqual(["logged in an exit listener"]);
        const routes = values(store, "/spans", "http.route");
        expect(routes.filter((route) => route === "/items/:id").length).toBeGreaterThanOrEqual(
          mode === "end" ? 60 : 30,
        );
        expect(values(store, "/logs/consumer", "TextLog:text").length).toBeGreaterThanOrEqual(logged.length);
      });
    }
  }

  it("names the file after time, service and pid in a private folder of its own (I12)", async () => {
    const folder = freshFolder();
    const run = await node(
      folder,
      ["--require", join(plain, "node_modules/otel-rerun/dist/register.cjs"), join(plain, "apps/server.cjs")],
      {
        LIST: join(folder, "list.txt"),
        OTEL_SERVICE_NAME: "my shop",
      },
    );
    expect(run.status, run.stderr).toBe(0);
    const [file = ""] = recordingsIn(join(folder, "recordings"));
    expect(file).toMatch(/\/\d{8}T\d{6}Z-my_shop-\d+\.rrd$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "recordings")).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, "recordings/.gitignore"), "utf8").trim()).toBe("*");
  });

  it.each([
    ["throw new RangeError('broken password=q0secret0q')", 1],
    ["Promise.reject(new RangeError('broken password=q0secret0q'))", 1],
    [
      "process.on('uncaughtException', (error) => { throw error; }); throw new RangeError('broken password=q0secret0q')",
      7,
    ],
  ])("an uncaught error is the last line of the log, with its stack: %s", async (end, status) => {
    const file = join(freshFolder(), "run.rrd");
    const script = `console.log("alive"); setTimeout(() => { ${end}; }, 5);`;
    const run = await node(plain, ["--require", "otel-rerun/register", "-e", script], { OTEL_RERUN_FILE: file });
    expect(run.status).toBe(status);
    const [store] = dump(file);
    if (store === undefined) throw new Error("nothing was recorded");
    const [alive, error, ...rest] = values(store, "/logs/consumer", "TextLog:text") as string[];
    expect([alive, rest]).toEqual(["alive", []]);
    expect(error).toMatch(/^RangeError: broken password=REDACTED\n {4}at /);
    expect(values(store, "/logs/consumer", "TextLog:level")).toEqual(["INFO", "CRITICAL"]);
  });

  it("RERUN=off: no file, no patch, no listener", async () => {
    const folder = freshFolder();
    const script = `const http = require("node:http"); console.log(JSON.stringify([Object.hasOwn(http.Server.prototype, "emit"), process.listenerCount("exit"), process.listenerCount("SIGTERM"), console.log.name, process._getActiveHandles().length]))`;
    const bare = await node(plain, ["-e", script]);
    const off = await node(plain, ["--require", "otel-rerun/register", "-e", script], {
      RERUN: "off",
      OTEL_RERUN_FILE: join(folder, "off.rrd"),
    });
    expect(off.stdout).toBe(bare.stdout);
    expect(off.stderr).toBe("");
    expect(existsSync(join(folder, "off.rrd"))).toBe(false);
  });

  it("what is logged by hand has a view of the dashboard, and a layout of the application's own is the one that is shown", async () => {
    const folder = freshFolder();
    const log = `const rr = require("otel-rerun"); console.log("up"); rr.log("my/points", new rr.Points3D([[0, 0, 0]]));`;
    const own = `const rrb = require("otel-rerun/blueprint"); require("otel-rerun").sendBlueprint(new rrb.Blueprint(new rrb.Spatial3DView({ name: "Mine" })));`;
    const layouts = async (name: string, script: string) => {
      const file = join(folder, name);
      const run = await node(plain, ["--require", "otel-rerun/register", "-e", script], { OTEL_RERUN_FILE: file });
      expect(run.status, run.stderr).toBe(0);
      expectVerified(file);
      const stores = dump(file).filter(
        ({ kind, applicationId }) => kind === "blueprint" && applicationId === "consumer",
      );
      return stores.map(({ chunks }) =>
        chunks.flatMap(({ components }) => components["ViewBlueprint:display_name"] ?? []).flat(),
      );
    };
    expect((await layouts("run.rrd", log)).flat()).toEqual(expect.arrayContaining(["Request duration, ms", "3D"]));
    expect(await layouts("own.rrd", own + log)).toContainEqual(["Mine"]);
    // the dashboard may be there too, where a metric of the process came first; what is activated last is shown
    const { output } = rerun("rrd", "print", join(folder, "own.rrd"));
    const activated = output.split("\n").filter((line) => /BlueprintActivationCommand.*"consumer"/.test(line));
    expect(activated.at(-1)).not.toContain("otel-rerun-dashboard");
  });

  it("a secret in header, query, body, console text and error leaves no trace in the file (I12)", async () => {
    const folder = freshFolder();
    const file = join(folder, "run.rrd");
    const secret = "s3cr3tV4lue0123456789";
    const run = await node(plain, ["--require", "otel-rerun/register", "apps/secrets.cjs"], {
      OTEL_RERUN_FILE: file,
      SECRET: secret,
    });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain(secret); // the app's own output is not touched
    expect(readFileSync(file).includes(secret)).toBe(false);
    const everything = JSON.stringify(dump(file));
    expect(everything).toContain("/login");
    expect(everything).toContain("password=");
    expect(everything).not.toContain(secret);
  });
});
