import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import { describeWithOracle, dump, expectVerified, rerun, values } from "../../oracle.ts";
import { goldenPath } from "../reader/streams.ts";
import { recording } from "./recorded.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-pipeline-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recordingOnFile(maxBytes?: number) {
  const made = recording();
  const file = openFile(join(folder, "run.rrd"));
  const spec = { kind: "file" as const, ...file, writeFooter: true, ...(maxBytes !== undefined && { maxBytes }) };
  made.transport.requestSync({ type: "set-sinks", recording: 1, sinks: [spec] });
  const close = () => made.transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
  return { ...made, path: file.path, close };
}

describeWithOracle("what the pipeline writes, read by the official tools (I10)", () => {
  it("is a file that verifies, with every row in order and row ids that sort like the calls", () => {
    const { log, logStatic, close, clock, path } = recordingOnFile();
    logStatic("/static", 42);
    for (let frame = 0; frame < 5000; frame++) {
      if (frame % 100 === 0) clock.advance(20);
      log(`/path/${frame % 3}`, frame);
    }
    close();
    expectVerified(path);
    const [store] = dump(path);
    expect(store).toMatchObject({ kind: "recording", applicationId: "app", recordingId: "rec" });
    for (const part of [0, 1, 2]) {
      const expected = Array.from({ length: 5000 }, (_, frame) => frame).filter((frame) => frame % 3 === part);
      expect(values(store!, `/path/${part}`, "Scalars:scalars")).toEqual(expected);
    }
    const rows = store!.chunks
      .filter((chunk) => !chunk.static)
      .flatMap(({ rowIds, timelines }) => rowIds.map((id, at) => ({ id, frame: Number(timelines.frame?.[at]) })))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: 5000 }, (_, frame) => frame));
  });

  it("is a row of segments that each open on their own, with the static rows in each", () => {
    const { log, logStatic, flush, close } = recordingOnFile(64 << 10);
    logStatic("/static", 42);
    for (let frame = 0; frame < 60; frame++) {
      log("/path", frame);
      flush();
    }
    close();
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      expectVerified(join(folder, name));
      const [store] = dump(join(folder, name));
      expect(values(store!, "/static", "Scalars:scalars")).toEqual([42]);
    }
  });
});

describeWithOracle("the judge of files", () => {
  it("refuses one that cannot be read, also beside one that can, although its command ends with 0", async () => {
    const whole = join(folder, "whole.rrd");
    const torn = join(folder, "torn.rrd");
    copyFileSync(goldenPath("api_clear.rrd"), whole);
    writeFileSync(torn, "x");
    expectVerified(whole);
    expect(rerun("rrd", "verify", torn).status).toBe(0);
    expect(() => expectVerified(torn)).toThrow();
    expect(() => expectVerified(whole, torn)).toThrow();
  });
});
