import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFile } from "../../../src/sinks/open-file.ts";
import { chunksOf, recording, statsOf } from "../pipeline/recorded.ts";
import { type Faults, faultyFiles } from "./faulty-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-sinks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A recording on a file, every row a chunk of about `bytes`. */
function onFile(faults: Faults = {}, maxBytes?: number) {
  let now = 0;
  const made = recording(
    { files: { files: faultyFiles(faults), now: () => now } },
    { batcher: { flushNumRows: 0, flushTickMillis: 50 } },
  );
  const file = openFile(join(folder, "run.rrd"));
  const spec = { kind: "file" as const, ...file, writeFooter: true, ...(maxBytes !== undefined && { maxBytes }) };
  made.transport.requestSync({ type: "set-sinks", recording: 1, sinks: [spec] });
  return {
    ...made,
    wait: (millis: number) => {
      now += millis;
    },
    close: () => made.transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 }),
    status: () => made.stats().sinks[0],
  };
}

const framesOf = async (name: string): Promise<number[]> =>
  (await chunksOf(readFileSync(join(folder, name))))
    .filter(({ path }) => path === "/a")
    .flatMap(({ frames }) => frames);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("faults (I2)", () => {
  it("finishes short writes", async () => {
    const { log, close } = onFile({ shortWrites: 7 });
    for (const frame of upTo(50)) log("/a", frame);
    close();
    expect(await framesOf("run.rrd")).toEqual(upTo(50));
  });

  it("tries again when a write would block", async () => {
    const faults: Faults = {};
    const { log, flush, close, status } = onFile(faults);
    faults.again = 3;
    log("/a", 0);
    flush();
    expect(status()).toMatchObject({ state: "open", lostRows: 0 });
    close();
    expect(await framesOf("run.rrd")).toEqual([0]);
  });

  it("cuts a full disk's file to whole messages at every byte, and counts what is not there", async () => {
    const whole = onFile();
    for (const frame of upTo(5)) whole.log("/a", frame);
    whole.flush();
    const size = statSync(join(folder, "run.rrd")).size;
    whole.close();
    for (let space = size - 1; space > 0; space -= 97) {
      const faults: Faults = { space };
      const { log, flush, stats, close, status } = onFile(faults);
      for (const frame of upTo(5)) log("/a", frame);
      flush();
      expect(status()?.state).toBe("failing");
      const rows = await framesOf("run.rrd").catch(() => []);
      expect(rows).toEqual(upTo(rows.length));
      const { rowsAccepted, rowsWritten, rowsDropped } = stats();
      expect({ rowsAccepted, rowsWritten }).toEqual({ rowsAccepted: 5, rowsWritten: rows.length });
      expect(rowsDropped.sink).toBe(5 - rows.length);
      close();
    }
  });

  it("reports one error and goes on in a new segment when there is space again", async () => {
    const faults: Faults = {};
    const { log, flush, close, wait, status, stats } = onFile(faults);
    log("/a", 0);
    flush();
    faults.broken = true;
    log("/a", 1);
    flush();
    wait(10);
    log("/a", 2); // not tried again so soon
    flush();
    expect(status()).toMatchObject({ state: "failing", lostRows: 2, error: { code: "ERR_RERUN_SINK" } });
    faults.broken = false;
    wait(1000);
    log("/a", 3);
    flush();
    expect(status()?.state).toBe("open");
    close();
    expect(await framesOf("run.rrd")).toEqual([0]);
    expect(await framesOf("run.2.rrd")).toEqual([3]);
    expect(stats()).toMatchObject({ rowsAccepted: 4, rowsWritten: 2, rowsDropped: { sink: 2 } });
  });

  it("leaves no segment behind while the disk stays full", () => {
    const faults: Faults = {};
    const { log, flush, wait } = onFile(faults);
    faults.broken = true;
    for (const frame of upTo(5)) {
      wait(1000);
      log("/a", frame);
      flush();
    }
    expect(readdirSync(folder)).toEqual(["run.rrd"]);
  });
});

it("leaves the other sinks of a recording alone when one fails (C32)", async () => {
  const faults: Faults = {};
  const { transport, log, flush, stats, chunks } = recording({ files: { files: faultyFiles(faults) } });
  const file = { kind: "file" as const, ...openFile(join(folder, "run.rrd")), writeFooter: true };
  transport.requestSync({ type: "set-sinks", recording: 1, sinks: [file, { kind: "memory", id: 1 }] });
  faults.broken = true;
  for (const frame of upTo(10)) log("/a", frame);
  expect(flush().error).toMatchObject({ code: "ERR_RERUN_SINK" });
  expect(stats().sinks.map(({ state, lostRows }) => [state, lostRows])).toEqual([
    ["failing", 10],
    ["open", 0],
  ]);
  expect((await chunks()).flatMap(({ frames }) => frames)).toEqual(upTo(10));
  expect(stats()).toMatchObject({ rowsWritten: 10, rowsDropped: {} });
});

it("moves a recording from one file to the next: each has what was logged while it was set", async () => {
  const { log, transport, close } = onFile();
  log("/a", 1);
  const next = { kind: "file" as const, ...openFile(join(folder, "next.rrd")), writeFooter: true };
  transport.requestSync({ type: "set-sinks", recording: 1, sinks: [next] });
  log("/a", 2);
  close();
  expect(await framesOf("run.rrd")).toEqual([1]);
  expect(await framesOf("next.rrd")).toEqual([2]);
});

describe("rotation", () => {
  it("keeps a run below maxBytes, removes the oldest segments and counts their rows", async () => {
    const maxBytes = 64 << 10;
    const { log, logStatic, close, status } = onFile({}, maxBytes);
    logStatic("/static", 7);
    for (const frame of upTo(500)) log("/a", frame);
    const { removedRows = 0 } = status() ?? {};
    close();
    const names = readdirSync(folder);
    const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(maxBytes * 1.25);
    expect(existsSync(join(folder, "run.rrd"))).toBe(false);
    const kept = (await Promise.all(names.map(framesOf))).flat().sort((a, b) => a - b);
    expect(kept).toEqual(upTo(500).slice(500 - kept.length));
    expect(removedRows).toBe(501 - kept.length);
  });

  it("begins each segment with the latest static rows", async () => {
    const { log, logStatic, close } = onFile({}, 64 << 10);
    logStatic("/static", 1);
    for (const frame of upTo(100)) log("/a", frame);
    close();
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const chunks = await chunksOf(readFileSync(join(folder, name)));
      expect(chunks[0]).toMatchObject({ path: "/static", timelines: [] });
    }
  });

  it("does not touch a file that has the name of a segment", () => {
    writeFileSync(join(folder, "run.2.rrd"), "mine");
    const { log, close } = onFile({}, 64 << 10);
    for (const frame of upTo(40)) log("/a", frame);
    close();
    expect(readFileSync(join(folder, "run.2.rrd"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "run.3.rrd"))).toBe(true);
  });
});

describe("openFile (C07)", () => {
  it.each([
    ["a folder", () => folder, "it is a folder"],
    ["a missing folder", () => join(folder, "missing", "run.rrd"), "its folder does not exist"],
  ])("refuses %s in the call and says what to do", (_, path, advice) => {
    expect(() => openFile(path())).toThrow(expect.objectContaining({ code: "ERR_RERUN_FILE" }));
    expect(() => openFile(path())).toThrow(advice);
  });

  it("joins a file that is being written, so that two recordings share it", async () => {
    const first = onFile();
    first.log("/a", 1);
    first.flush();
    const { path, fd } = openFile(join(folder, "run.rrd"));
    const { transport, encoder, clock } = first;
    const store = { kind: "recording", applicationId: "app", recordingId: "second" } as const;
    transport.define({ type: "recording", no: 2, store });
    const sinks = [{ kind: "file" as const, path, fd, writeFooter: true }];
    transport.requestSync({ type: "set-sinks", recording: 2, sinks });
    const times = { timelines: [{ name: "frame", type: "sequence" as const }], values: [2n] };
    const { scalar } = await import("../pipeline/harness.ts");
    encoder.logRow(2, "/a", times, [{ spec: scalar, values: 2 }], clock.now(), 0);
    first.close();
    transport.requestSync({ type: "close", recording: 2, timeoutMillis: 1000 });
    expect(await framesOf("run.rrd")).toEqual([1, 2]);
    expect(statsOf(transport, 2)).toMatchObject({ rowsWritten: 1 });
  });
});
