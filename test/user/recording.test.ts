import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { describe, expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");
const script = (text: string, env: Record<string, string> = {}) =>
  node(plain, ["--input-type=module", "-e", `import * as rr from "otel-rerun";\n${text}`], env);

describeWithOracle("RecordingStream from the packed package", () => {
  for (const load of [[], ["--import", "otel-rerun/register"]]) {
    it(`interleaved requests, each in its own rec.with, never share a row (I6)${load.length ? " under register" : ""}`, async () => {
      const folder = freshFolder();
      const run = await node(plain, [...load, "apps/contexts.mjs"], {
        FOLDER: folder,
        OTEL_RERUN_FILE: join(folder, "run.rrd"),
      });
      expect(run.status, run.stderr).toBe(0);
      for (const side of ["left", "right"]) {
        const path = join(folder, `${side}.rrd`);
        expectVerified(path);
        const [store] = dump(path);
        const texts = values(store!, "/value", "TextLog:text") as string[];
        expect(texts).toHaveLength(500);
        expect(new Set(texts).size).toBe(500);
        for (const text of texts) expect(text.startsWith(side)).toBe(true);
        for (const chunk of store!.chunks.filter(({ entity }) => entity === "/value")) {
          chunk.components["TextLog:text"]?.forEach((list, row) => {
            expect(String(list?.[0]).endsWith(` ${chunk.timelines.step?.[row]}`)).toBe(true);
          });
        }
      }
    });
  }

  it("the official SDK reads the values, times, properties and statics that were logged", async () => {
    const path = join(freshFolder(), "values.rrd");
    const run = await script(`
const rec = new rr.RecordingStream("values", { recordingName: "a name" });
rec.save(${JSON.stringify(path)});
rec.setTime("frame", { sequence: 7 });
rec.setTime("age", { duration: 1.5 });
rec.setTime("taken", { timestamp: new Date(1700000000123) });
rec.log("points", new rr.Points3D([[1, 2, 3], [4, 5, 6]], { colors: ["#ff0000", [0, 255, 0]], radii: [0.5], labels: ["a", "ü"] }));
rec.log("image", new rr.Image(new Uint8Array([1, 2, 3, 4, 5, 6]), { width: 2, height: 1, colorModel: "RGB" }));
rec.log("any", new rr.AnyValues({ text: "x", count: 3, ratio: 0.25, ok: true, list: [1, 2] }));
rec.log("note", new rr.TextDocument("# static"), { static: true });
rec.sendColumns("columns", { indexes: [rr.timeColumn("frame", { sequence: [1, 2, 3] })], columns: [rr.Scalars.columns({ scalars: [0.1, 0.2, 0.3] })] });
await rec.shutdown({ timeoutMillis: 5000 });`);
    expect(run.status, run.stderr).toBe(0);
    expectVerified(path);
    const [store] = dump(path);
    const of = (entity: string, component: string) => values(store!, entity, component);
    expect(store).toMatchObject({
      applicationId: "values",
      recordingId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
    });
    expect(of("/__properties", "RecordingInfo:name")).toEqual(["a name"]);
    expect(of("/points", "Points3D:positions")).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(of("/points", "Points3D:colors")).toEqual([0xff0000ff, 0x00ff00ff]);
    expect(of("/points", "Points3D:labels")).toEqual(["a", "ü"]);
    expect(of("/image", "Image:buffer")).toEqual([[1, 2, 3, 4, 5, 6]]);
    expect(of("/image", "Image:format")).toMatchObject([{ width: 2, height: 1, color_model: 2, channel_datatype: 6 }]);
    expect([
      of("/any", "text"),
      of("/any", "count"),
      of("/any", "ratio"),
      of("/any", "ok"),
      of("/any", "list"),
    ]).toEqual([["x"], [3], [0.25], [true], [1, 2]]);
    const points = store!.chunks.find(({ entity }) => entity === "/points");
    expect(points?.timelines).toMatchObject({
      frame: ["7"],
      age: ["1500000000"],
      taken: ["1700000000123000000"],
      log_time: [expect.any(String)],
    });
    expect(store!.chunks.find(({ entity }) => entity === "/note")).toMatchObject({ static: true, timelines: {} });
    const columns = store!.chunks.find(({ entity }) => entity === "/columns");
    expect(columns?.timelines).toEqual({ frame: ["1", "2", "3"] });
    expect(of("/columns", "Scalars:scalars")).toEqual([0.1, 0.2, 0.3]);
  });

  it("apache-arrow decodes the same values from our IPC", async () => {
    const path = join(freshFolder(), "ipc.rrd");
    const run = await script(`
import { openRrd } from "otel-rerun/reader";
const rec = new rr.RecordingStream("ipc");
rec.save(${JSON.stringify(path)});
rec.log("points", new rr.Points3D([[1, 2, 3]], { labels: ["one"] }));
await rec.shutdown({ timeoutMillis: 5000 });
const reader = await openRrd(${JSON.stringify(path)});
for await (const chunk of reader.chunks()) if (chunk.entityPath === "/points") console.log(Buffer.from(chunk.ipc()).toString("base64"));`);
    expect(run.status, run.stderr).toBe(0);
    const table = tableFromIPC(Buffer.from(run.stdout.trim(), "base64"));
    expect(table.numRows).toBe(1);
    expect([...table.getChild("Points3D:positions")!.get(0)].map((point) => [...point])).toEqual([[1, 2, 3]]);
    expect([...table.getChild("Points3D:labels")!.get(0)]).toEqual(["one"]);
  });
});

describe("bad input", () => {
  it("save throws a typed error at once for a folder and for a path that cannot be written", async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, "taken"));
    const run = await script(`
const rec = new rr.RecordingStream("bad");
for (const path of [${JSON.stringify(join(folder, "taken"))}, ${JSON.stringify(join(folder, "missing/x.rrd"))}]) {
  try { rec.save(path); console.log("no error"); } catch (error) { console.log(error instanceof rr.RerunError, error.code, error.message.includes(path)); }
}`);
    expect(run.stdout, run.stderr).toBe("true ERR_RERUN_FILE true\ntrue ERR_RERUN_FILE true\n");
  });

  it("a junk RERUN_FLUSH_* variable warns, names the value and keeps that default", async () => {
    const path = join(freshFolder(), "junk.rrd");
    const run = await script(
      `const rec = new rr.RecordingStream("junk"); rec.save(${JSON.stringify(path)}); rec.log("a", new rr.Scalars(1)); await rec.shutdown({ timeoutMillis: 5000 }); console.log(rec.stats().rowsWritten);`,
      { RERUN_FLUSH_TICK_SECS: "soon", RERUN_FLUSH_NUM_ROWS: "10" },
    );
    expect(run.stderr).toMatch(/RERUN_FLUSH_TICK_SECS.*soon/);
    expect(run.stderr).not.toContain("RERUN_FLUSH_NUM_ROWS");
    expect(run.status).toBe(0);
    expect(Number(run.stdout)).toBeGreaterThanOrEqual(1);
  });

  it("a value that does not fit its archetype warns once with the caller's line, and the program goes on", async () => {
    const folder = freshFolder();
    const file = join(plain, `bad-value-${Date.now()}.mjs`);
    writeFileSync(
      file,
      `import * as rr from "otel-rerun";
const rec = new rr.RecordingStream("bad value");
rec.save(${JSON.stringify(join(folder, "bad.rrd"))});
for (let i = 0; i < 3; i++) rec.log("points", new rr.Points3D("not positions", { radii: [1] })); // line 4
rec.log("after", new rr.Scalars(1));
await rec.shutdown({ timeoutMillis: 5000 });
console.log("went on");
`,
    );
    const run = await node(plain, [file]);
    expect(run.stdout).toBe("went on\n");
    expect(run.stderr.match(/RerunWarning/g)).toHaveLength(1);
    expect(run.stderr).toMatch(/bad-value-\d+\.mjs:4/);
    expect(run.stderr).toContain("Points3D");
    expect(existsSync(join(folder, "bad.rrd"))).toBe(true);
  });
});
