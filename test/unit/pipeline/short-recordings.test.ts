import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import { writerOf } from "../../../src/sinks/file/path-lock.ts";
import { scalar } from "./harness.ts";
import { rowsIn } from "./journaled.ts";
import { frameTimes } from "./recorded.ts";
import { threaded } from "./threaded.ts";

const KILLS = 4;
const RECORDINGS = 200;
const ROWS = 20;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-short-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("recordings that begin and end in one turn are whole, also where the writer thread is killed in it (I4)", async () => {
  const frames = Array.from({ length: ROWS }, (_, frame) => frame);
  for (let kill = 0; kill < KILLS; kill++) {
    const { transport, encoder, warnings, end } = await threaded();
    encoder.logRow(1, "/warm", frameTimes(0), [{ spec: scalar, values: 0 }], performance.now(), 0);
    await transport.request({ type: "flush", recording: 1, timeoutMillis: 5000 }); // the thread is up
    const closing: Promise<unknown>[] = [];
    const paths: string[] = [];
    for (let no = 2; no < 2 + RECORDINGS; no++) {
      const path = join(folder, `${kill}-${no}.rrd`);
      paths.push(path);
      const store = { kind: "recording", applicationId: "app", recordingId: `rec-${no}` } as const;
      transport.define({ type: "recording", no, store });
      const sinks = [{ kind: "file", ...openFile(path), writeFooter: true } as const];
      transport.post({ type: "set-sinks", recording: no, sinks });
      for (const frame of frames) {
        encoder.logRow(no, "/a", frameTimes(frame), [{ spec: scalar, values: frame }], performance.now(), 0);
      }
      closing.push(transport.request({ type: "close", recording: no, timeoutMillis: 20_000 }));
    }
    await sleep(Math.random() * 80);
    const killed = transport.thread?.kill();
    for (const result of await Promise.all(closing)) expect(result).not.toHaveProperty("error");
    await killed;
    for (const path of paths) expect((await rowsIn(path)).map(([, frame]) => frame)).toEqual(frames);
    expect(warnings.length).toBeLessThanOrEqual(1);
    await end();
  }
  expect(readdirSync(folder).filter((name) => !name.endsWith(".rrd"))).toEqual([]);
}, 60_000);

it("a path is used again before this thread has heard that its recording ended: no descriptor of the application is touched", async () => {
  const { transport, encoder, save, log, flush, end } = await threaded();
  const path = join(folder, "again.rrd");
  save(path);
  log("/first", 1);
  await flush();
  const closing = transport.request({ type: "close", recording: 1, timeoutMillis: 5000 });
  // this thread works on, and hears nothing, until the number is free
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  const own = openSync(join(folder, "own.txt"), "w");
  transport.define({
    type: "recording",
    no: 2,
    store: { kind: "recording", applicationId: "app", recordingId: "second" },
  });
  const sinks = [{ kind: "file", ...openFile(path), writeFooter: true } as const];
  transport.post({ type: "set-sinks", recording: 2, sinks });
  encoder.logRow(2, "/second", frameTimes(2), [{ spec: scalar, values: 2 }], performance.now(), 0);
  await transport.request({ type: "flush", recording: 2, timeoutMillis: 5000 });
  expect(writerOf(path)).toBe(process.pid);
  await transport.request({ type: "close", recording: 2, timeoutMillis: 5000 });
  await closing;
  writeSync(own, "mine");
  closeSync(own);
  expect(readFileSync(join(folder, "own.txt"), "utf8")).toBe("mine");
  expect(await rowsIn(path)).toEqual([["/second", 2]]);
  expect(readdirSync(folder)).toEqual(["again.rrd", "own.txt"]);
  await end();
});
