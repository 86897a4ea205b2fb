import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, rerun, values } from "../../oracle.ts";
import { freshFolder, node } from "../run.ts";
import { findings, script } from "./cases.ts";

const { plain, sdk1, sdk2, sdk3 } = inject("consumers");

describeWithOracle("a process that was killed", () => {
  it("C30 loses no row that was written, and its file can be read and repaired (I4)", async () => {
    const folder = freshFolder();
    const run = await node(plain, [script(plain, "killed")], { FOLDER: folder });
    expect(run.signal).toBe("SIGKILL");
    const { logged, rowsWritten } = JSON.parse(run.stdout) as { logged: number; rowsWritten: number };
    const path = join(folder, "killed.rrd");
    const rows = (file: string) => values(dump(file, "/a")[0]!, "/a", "Scalars:scalars") as number[];
    const there = rows(path);
    // rowsWritten counts the recording's properties too
    expect(there.length).toBeGreaterThanOrEqual(rowsWritten - 1);
    expect(there).toEqual(Array.from({ length: there.length }, (_, i) => i));
    expect(there.length).toBeLessThanOrEqual(logged);
    const whole = join(folder, "whole.rrd");
    expect(rerun("rrd", "optimize", path, "-o", whole).status).toBe(0);
    expectVerified(whole);
    expect(rows(whole)).toEqual(there);
  });
});

describe("processes and threads", () => {
  it("C33 a child process and a worker join the parent's recording, if it is of the same application", async () => {
    const run = await node(plain, ["--import", "otel-rerun/register", script(plain, "family")], {
      OTEL_SERVICE_NAME: "family",
      OTEL_RERUN_FILE: join(freshFolder(), "family.rrd"),
    });
    expect(run.status, run.stderr).toBe(0);
    const { parent, child, worker } = JSON.parse(run.stdout) as Record<
      string,
      { same: string; other: string } & string
    >;
    expect([child!.same, worker!.same]).toEqual([parent, parent]);
    expect(child!.other).not.toBe(parent);
    expect(worker!.other).not.toBe(parent);
  });
});

describe.each([
  ["1", sdk1, { SDK_TRACE: "@opentelemetry/sdk-trace-base" }],
  [
    "2",
    sdk2,
    {
      SDK_TRACE: "@opentelemetry/sdk-trace-base",
      SDK_LOGS: "@opentelemetry/sdk-logs",
      SDK_METRICS: "@opentelemetry/sdk-metrics",
    },
  ],
  ["3", sdk3, { SDK_TRACE: "@opentelemetry/sdk-trace" }],
])("a recording behind the processors of SDK %s", (line, consumer, env) => {
  it("C29 C34 forceFlush delivers every span once, exports never overlap, ids are queryable", async () => {
    const { found } = await findings(consumer, "telemetry", env as Record<string, string>);
    expect(found).toMatchObject({ overlapping: 0, names: 1001, isOneTrace: true, parents: 1000, afterProvider: 1 });
    if (line !== "2") return;
    const [traceId, spanId] = found.ids as string[];
    const row = (found.log as unknown[][]).find((values) => values.includes("in the span"));
    expect(row).toEqual(expect.arrayContaining([traceId, spanId, "INFO"]));
    expect(found.metrics).toContainEqual(expect.stringContaining("orders"));
  });
});
