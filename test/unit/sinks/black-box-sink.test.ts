import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { RowFlag } from "../../../src/pipeline/row-encoder.ts";
import { openRrd } from "../../../src/reader.ts";
import type { BlackBoxSpec } from "../../../src/sinks/sink.ts";
import { scalar } from "../pipeline/harness.ts";
import { frameTimes, recording } from "../pipeline/recorded.ts";

function boxed(about: Partial<BlackBoxSpec> = {}) {
  const path = join(mkdtempSync(join(tmpdir(), "otel-rerun-box-")), "recordings", "run.rrd");
  const spec: BlackBoxSpec = {
    kind: "black-box",
    id: path,
    seconds: 60,
    maxBytes: 1 << 20,
    path,
    dumpOn: ["http5xx"],
    stallMillis: 1000,
    maxDumps: 2,
    isQuiet: true,
    ...about,
  };
  const warnings: string[] = [];
  const made = recording({ onWarning: (message) => warnings.push(message) });
  const set = (): unknown => made.transport.requestSync({ type: "set-sinks", recording: 1, sinks: [spec] });
  set();
  const dump = (reason = "asked") => made.transport.requestSync({ type: "dump", reason, timeoutMillis: 1000 });
  return {
    ...made,
    path,
    warnings,
    dump,
    held: () => made.stats().sinks[0]?.queuedBytes ?? Number.NaN,
    async dumped(): Promise<Map<string, number[]>> {
      const [file = ""] = dump().files ?? [];
      const frames = new Map<string, number[]>();
      for await (const { entityPath, numRows, timelines } of (await openRrd(file)).chunks()) {
        const frame = timelines.find(({ name }) => name === "frame");
        const values = Array.from({ length: numRows }, (_, row) => Number(frame?.get(row) ?? -1));
        frames.set(entityPath, [...(frames.get(entityPath) ?? []), ...values]);
      }
      return frames;
    },
    close: () => made.transport.requestSync({ type: "close", timeoutMillis: 1000 }),
  };
}

describe("a black box", () => {
  it("writes nothing until it is dumped; then a complete file, for its owner only (I12)", async () => {
    const box = boxed();
    box.logStatic("/fixed", 1);
    for (let frame = 0; frame < 100; frame++) box.log("/series", frame);
    box.flush();
    expect(existsSync(dirname(box.path))).toBe(false);
    const [file = ""] = box.dump("a b/c").files ?? [];
    expect(file).toMatch(/run\.a_b_c-[0-9a-f]{8}\.rrd$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(dirname(file), ".gitignore"), "utf8")).toBe("*\n");
    const frames = await box.dumped();
    expect(frames.get("/series")).toEqual(Array.from({ length: 100 }, (_, frame) => frame));
    expect(frames.has("/fixed")).toBe(true);
    box.close();
  });

  it("holds no more than its bytes; what is static and the latest of each series stay (I7)", async () => {
    const maxBytes = 64 << 10;
    const box = boxed({ maxBytes });
    box.logStatic("/fixed", 1);
    box.log("/quiet", 7);
    box.flush();
    for (let frame = 0; frame < 2000; frame++) {
      box.log("/hot", frame);
      box.flush();
    }
    expect(box.held()).toBeLessThanOrEqual(maxBytes);
    const frames = await box.dumped();
    expect(frames.get("/quiet")).toEqual([7]);
    expect(frames.has("/fixed")).toBe(true);
    const hot = frames.get("/hot") ?? [];
    expect(hot.at(-1)).toBe(1999);
    expect(hot.length).toBeLessThan(2000);
    expect(hot.length).toBeGreaterThan(10);
    box.close();
  });

  it("many series that nobody writes to any more do not fill it (I7)", () => {
    const maxBytes = 64 << 10;
    const box = boxed({ maxBytes });
    for (let entity = 0; entity < 2000; entity++) {
      box.log(`/entity/${entity}`, entity);
      box.flush();
    }
    expect(box.held()).toBeLessThanOrEqual(maxBytes);
    box.close();
  });

  it("the recording of a trace is in a dump whole, or not at all", async () => {
    const box = boxed({ maxBytes: 64 << 10 });
    const bars = 20;
    const names: string[] = [];
    box.log("/early", 7);
    box.flush();
    for (let trace = 0; trace < 30; trace++) {
      const no = trace + 2;
      names.push(`t${trace}`);
      const store = { kind: "recording", applicationId: "app requests", recordingId: `t${trace}` } as const;
      box.transport.define({ type: "recording", no, store, sinksOf: 1 });
      for (let bar = 0; bar < bars; bar++) {
        for (const flag of [0, RowFlag.static]) {
          box.encoder.logRow(
            no,
            `/bar/${bar}`,
            frameTimes(bar),
            [{ spec: scalar, values: bar }],
            box.clock.now(),
            flag,
          );
        }
      }
      box.flush();
      box.log("/series", trace);
      box.flush();
    }
    const [file = ""] = box.dump().files ?? [];
    const reader = await openRrd(file);
    const rows = new Map<string, number>();
    for (const store of reader.recordings().filter(({ applicationId }) => applicationId === "app requests")) {
      let count = 0;
      for await (const { numRows } of reader.chunks(store)) count += numRows;
      rows.set(store.recordingId, count);
    }
    expect(rows.size).toBeGreaterThan(0);
    expect(rows.size).toBeLessThan(30);
    expect([...rows.keys()].sort()).toEqual(names.slice(-rows.size)); // the newest
    expect(new Set(rows.values())).toEqual(new Set([2 * bars]));
    expect((await box.dumped()).get("/early")).toEqual([7]); // traces do not push out what is the recording's own
    box.close();
  });

  it("what leaves it, and what is in it at the end, is no loss (I3)", () => {
    const box = boxed({ maxBytes: 16 << 10 });
    for (let frame = 0; frame < 500; frame++) {
      box.log("/hot", frame);
      box.flush();
    }
    box.close();
    expect(box.stats().rowsDropped).toEqual({});
    expect(box.warnings).toEqual([]);
  });

  it("the oldest dumps go", () => {
    const box = boxed();
    box.log("/series", 1);
    const files = [1, 2, 3].flatMap(() => box.dump().files ?? []);
    expect(files.map((file) => existsSync(file))).toEqual([false, true, true]);
    box.close();
  });

  it.each(["/dev/null/run.rrd", "/proc/none/recordings/run.rrd"])(
    "says so when it cannot write %s, and goes on (I1)",
    (path) => {
      const box = boxed({ path });
      box.log("/series", 1);
      expect(box.dump().error).toMatchObject({ code: "ERR_RERUN_FILE" });
      expect(box.warnings.join()).toContain("could not be dumped");
      expect(box.log("/series", 2)).toBe(true);
      box.close();
    },
  );
});
