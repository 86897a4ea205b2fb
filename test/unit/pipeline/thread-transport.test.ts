import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { buildWriterThread } from "../../../scripts/writer-thread-source.mts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import { startWriterThread } from "../../../src/pipeline/writer-thread/start-writer-thread.ts";
import type { WriterThreadData } from "../../../src/pipeline/writer-thread/thread-messages.ts";
import { openRrd } from "../../../src/reader.ts";
import { RrdFooterSchema } from "../../../src/rrd/proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { parseStreamFooter, STREAM_FOOTER_BYTES } from "../../../src/rrd/stream-footer.ts";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import { describeWithOracle, expectVerified } from "../../oracle.ts";
import { chunksOf } from "./recorded.ts";
import { threaded } from "./threaded.ts";

const folder = mkdtempSync(join(tmpdir(), "thread-transport-"));

async function framesIn(file: string | Uint8Array, entity = "/a"): Promise<number[]> {
  const chunks = await chunksOf(typeof file === "string" ? readFileSync(file) : file);
  return chunks.filter((chunk) => chunk.path === entity).flatMap((chunk) => [...chunk.frames]);
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("thread transport", () => {
  it("writes what was logged, in order, from the thread", async () => {
    const { transport, log, save, close, end } = await threaded();
    const path = join(folder, "plain.rrd");
    save(path);
    for (const frame of upTo(50_000)) log("/a", frame);
    expect(await close()).not.toHaveProperty("error");
    expect(transport.thread).toBeDefined();
    expect(await framesIn(path)).toEqual(upTo(50_000));
    await end();
  });

  it("answers questions while the event loop is held", async () => {
    const { log, toMemory, stats, transport, end } = await threaded();
    toMemory();
    for (const frame of upTo(1000)) log("/a", frame);
    expect(stats()?.rowsAccepted).toBe(1000);
    const { bytes } = transport.requestSync({ type: "drain-memory", id: 1, timeoutMillis: 30_000 });
    const chunks = await chunksOf(bytes ?? new Uint8Array());
    expect(chunks.flatMap((chunk) => [...chunk.frames])).toEqual(upTo(1000));
    await end();
  });

  it("writes by itself when the process ends before the thread is up", async () => {
    const { transport, log, save } = await threaded();
    const path = join(folder, "early.rrd");
    save(path);
    for (const frame of upTo(100)) log("/a", frame);
    transport.requestSync({ type: "close", timeoutMillis: 2000 });
    expect(transport.thread).toBeUndefined();
    expect(await framesIn(path)).toEqual(upTo(100));
  });

  it("writes by itself where threads are refused, and says so once (I1)", async () => {
    const { log, save, close, warnings } = await threaded({
      start: () => {
        throw new Error("Access to this API has been restricted");
      },
    });
    const path = join(folder, "refused.rrd");
    save(path);
    for (const frame of upTo(10_000)) log("/a", frame);
    expect(await close()).not.toHaveProperty("error");
    expect(await framesIn(path)).toEqual(upTo(10_000));
    expect(warnings).toHaveLength(1);
  });

  for (const [sinks, rounds] of [
    ["a file", 20],
    ["a file with a journal", 10],
    ["two files", 10],
  ] as const) {
    const files = sinks === "two files" ? ["a", "b"] : ["a"];
    const journal = sinks === "a file with a journal";
    const onFiles = async (name: string) => {
      const run = await threaded({ ring: { firstBytes: 1 << 16, limitBytes: 1 << 20, waitMillis: 20_000 } });
      const paths = files.map((file) => join(folder, `${name} ${sinks} ${file}.rrd`));
      const specs = paths.map((path) => ({ kind: "file" as const, ...openFile(path), writeFooter: true, journal }));
      run.transport.post({ type: "set-sinks", recording: 1, sinks: specs });
      run.log("/a", 0);
      await run.flush();
      return { ...run, paths };
    };

    it(`goes on where the thread of ${sinks} was killed, at any moment: no row is lost, none is there twice (I4)`, async () => {
      for (let round = 0; round < rounds; round++) {
        const { transport, log, close, warnings, paths } = await onFiles(`killed-${round}`);
        const thread = transport.thread;
        const delay = 30 * Math.random();
        let frame = 1;
        for (; frame < 10_000; frame++) {
          log("/a", frame);
          if (frame % 7 === 0) log("/b", frame);
        }
        const killed = new Promise((resolve) => setTimeout(resolve, delay)).then(() => thread?.kill());
        for (; frame < 40_000; frame++) {
          log("/a", frame);
          if (frame % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await killed;
        await close();
        expect(warnings).toHaveLength(1);
        for (const path of paths) {
          expect(await framesIn(path), `killed after ${delay} ms`).toEqual(upTo(40_000));
          expect(await framesIn(path, "/b")).toHaveLength(Math.floor(9_999 / 7));
        }
      }
    }, 180_000);

    it(`the same for a caller that never yields: ${sinks}`, async () => {
      for (let round = 0; round < rounds; round++) {
        const { transport, log, warnings, stats, paths } = await onFiles(`held-${round}`);
        const thread = transport.thread;
        const killAt = 1 + Math.floor(30_000 * Math.random());
        for (let frame = 1; frame < 60_000; frame++) {
          if (frame === killAt) void thread?.kill();
          log("/a", frame);
        }
        expect(stats()?.rowsDropped, `killed at row ${killAt}`).toEqual({});
        transport.requestSync({ type: "close", timeoutMillis: 5000 });
        expect(warnings).toHaveLength(1);
        for (const path of paths) expect(await framesIn(path), `killed at row ${killAt}`).toEqual(upTo(60_000));
      }
    }, 180_000);
  }

  it("is asked at once by a caller that never yields, although its thread is no more", async () => {
    const { transport, log, save, flush, stats, end } = await threaded();
    const path = join(folder, "asked.rrd");
    save(path);
    log("/a", 0);
    await flush();
    void transport.thread?.kill();
    for (let frame = 1; frame < 100; frame++) log("/a", frame);
    const start = performance.now();
    expect(stats()?.rowsAccepted).toBe(100);
    transport.requestSync({ type: "close", timeoutMillis: 10_000 });
    expect(performance.now() - start).toBeLessThan(10_000); // 25 s for one that is alive and shows no sign
    expect(await framesIn(path)).toEqual(upTo(100));
    await end();
  });

  it("is known to be gone by a caller that has had a message of it, however early, and yields no more", async () => {
    const speaks = "(require) => require('node:worker_threads').workerData.port.postMessage({ type: 'joined' })";
    for (let round = 0; round < 30; round++) {
      const thread = startWriterThread(speaks, {} as WriterThreadData);
      await new Promise((resolve) => thread.onMessage(resolve));
      void thread.kill();
      const latest = performance.now() + 5000;
      while (thread.isAlive && performance.now() < latest);
      expect(thread.isAlive, `round ${round}`).toBe(false);
    }
  });

  it("counts what a thread that was killed had in memory only: nobody had said where to write it (I3)", async () => {
    const { transport, log, save, close, flush, stats, end } = await threaded();
    for (const frame of upTo(100)) log("/a", frame);
    await flush();
    await transport.thread?.kill();
    for (const frame of upTo(50)) log("/a", 100 + frame);
    const path = join(folder, "no-place.rrd");
    save(path);
    await flush();
    const { rowsAccepted, rowsDropped, rowsWritten } = stats()!;
    const kept = await framesIn(path);
    expect(kept).toEqual(upTo(150).slice(-kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect({ rowsAccepted, rowsWritten, lost: rowsDropped["no-sink"] ?? 0 }).toEqual({
      rowsAccepted: 150,
      rowsWritten: kept.length,
      lost: 150 - kept.length,
    });
    await close();
    await end();
  });

  it("counts what a thread that was killed had in a memory sink, but for what was taken out of it (I3)", async () => {
    const { transport, log, toMemory, close, flush, stats, end } = await threaded();
    const drained = () => {
      const { bytes } = transport.requestSync({ type: "drain-memory", id: 1, timeoutMillis: 5000 });
      return framesIn(bytes ?? new Uint8Array());
    };
    toMemory();
    for (const frame of upTo(100)) log("/a", frame);
    await flush();
    expect(await drained()).toEqual(upTo(100));
    for (const frame of upTo(60)) log("/a", 100 + frame);
    await flush();
    await transport.thread?.kill();
    for (const frame of upTo(50)) log("/a", 160 + frame);
    const kept = await drained();
    expect(kept).toEqual(upTo(210).slice(-kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(50);
    const { rowsAccepted, rowsDropped, rowsWritten } = stats()!;
    expect({ rowsAccepted, rowsWritten, lost: rowsDropped.sink ?? 0 }).toEqual({
      rowsAccepted: 210,
      rowsWritten: 100 + kept.length,
      lost: 110 - kept.length,
    });
    await close();
    await end();
  });

  it("counts what a thread that was killed had in the window of a black box (I3)", async () => {
    const { transport, log, close, flush, stats, end } = await threaded();
    const spec = { seconds: 60, maxBytes: 1 << 20, dumpOn: [], stallMillis: 1000, maxDumps: 10, isQuiet: true };
    const box = { kind: "black-box", id: "box", path: join(folder, "box.rrd"), ...spec } as const;
    transport.post({ type: "set-sinks", recording: 1, sinks: [box] });
    for (const frame of upTo(100)) log("/a", frame);
    await flush();
    await transport.thread?.kill();
    for (const frame of upTo(50)) log("/a", 100 + frame);
    const { files } = await transport.request({ type: "dump", reason: "asked", timeoutMillis: 5000 });
    const kept = await framesIn(files?.[0] ?? "");
    expect(kept).toEqual(upTo(150).slice(-kept.length));
    const { rowsAccepted, rowsDropped, rowsWritten } = stats()!;
    expect({ rowsAccepted, rowsWritten, lost: rowsDropped.sink ?? 0 }).toEqual({
      rowsAccepted: 150,
      rowsWritten: kept.length,
      lost: 150 - kept.length,
    });
    expect(kept.length).toBeLessThan(150);
    await close();
    await end();
  });

  it("does the work of a thread that never comes back, when the process ends: rows are written, the wait is bounded (I4)", async () => {
    const stuck = buildWriterThread({}, "test/unit/pipeline/stuck-writer-thread.ts");
    const { transport, log, save, flush, warnings, end } = await threaded({}, stuck);
    const path = join(folder, "stuck.rrd");
    save(path);
    for (const frame of upTo(100)) log("/a", frame);
    await flush();
    transport.end(transport.begin(RecordKind.log, 1)); // its layout loops on this for ever
    for (const frame of upTo(100)) log("/a", 100 + frame);
    const { thread } = transport;
    transport.requestSync({ type: "close", timeoutMillis: 200 });
    expect(warnings).toEqual([expect.stringContaining("it does not get on")]);
    expect(await framesIn(path)).toEqual(upTo(200));
    await thread?.kill();
    await end();
  });

  it("waits for a thread that gets on, longer than for one that does not, and leaves its work to it (I4)", async () => {
    const slow = buildWriterThread({}, "test/unit/pipeline/slow-writer-thread.ts");
    const { transport, log, save, flush, warnings, end } = await threaded({}, slow);
    const path = join(folder, "slow.rrd");
    save(path);
    log("/a", 0);
    await flush();
    for (let frame = 1; frame < 20_000; frame++) log("/a", frame);
    const start = performance.now();
    expect(transport.requestSync({ type: "close", timeoutMillis: 300 })).not.toHaveProperty("error");
    expect(performance.now() - start).toBeGreaterThan(5 * 300);
    expect(transport.thread).toBeDefined();
    expect(warnings).toEqual([]);
    expect(await framesIn(path)).toEqual(upTo(20_000));
    await end();
  });

  it("reports a file that cannot be closed", async () => {
    const unclosing = buildWriterThread({}, "test/unit/pipeline/unclosing-writer-thread.ts");
    const { log, save, close, warnings, end } = await threaded({}, unclosing);
    save(join(folder, "unclosed.rrd"));
    log("/a", 0);
    const { error } = await close();
    expect(error).toMatchObject({ code: "ERR_RERUN_SINK", message: expect.stringContaining("EIO") });
    expect(warnings).toEqual([error?.message]);
    await end();
  });

  it("counts what finds no room (I3, I7)", async () => {
    const { log, stats, end, toMemory, transport } = await threaded({
      ring: { firstBytes: 1 << 14, limitBytes: 1 << 14, waitMillis: 1 },
    });
    toMemory();
    await transport.request({ type: "flush", timeoutMillis: 1000 });
    let accepted = 0;
    for (const frame of upTo(20_000)) if (log("/a", frame)) accepted += 1;
    const { rowsAccepted, rowsDropped } = stats()!;
    expect(rowsAccepted).toBe(20_000);
    expect(rowsDropped.overflow ?? 0).toBe(20_000 - accepted);
    await end();
  });

  it("does not hold the process while nothing is waited for, and does while something is (I1)", async () => {
    const { log, save, flush, end } = await threaded();
    save(join(folder, "held.rrd"));
    log("/a", 0);
    await flush();
    log("/a", 1);
    expect(await flush()).not.toHaveProperty("error");
    await end();
  });
});

describeWithOracle("a file that was taken over (I10)", () => {
  it("ends the file of a thread that was killed with a footer that knows all chunks", async () => {
    const { transport, log, save, close, flush } = await threaded();
    const path = join(folder, "footer.rrd");
    save(path);
    for (const frame of upTo(100)) log("/before", frame);
    await flush();
    await transport.thread?.kill();
    for (const frame of upTo(100)) log("/after", frame);
    expect(await close()).not.toHaveProperty("error");
    const bytes = readFileSync(path);
    const { offset, length } = parseStreamFooter(bytes, bytes.length - STREAM_FOOTER_BYTES) ?? { offset: 0, length: 0 };
    const { manifests } = fromBinary(RrdFooterSchema, bytes.subarray(offset, offset + length));
    expect(manifests).toHaveLength(1);
    // read by the index alone
    const reader = await openRrd(path);
    const paths = [];
    for await (const { entityPath, numRows } of reader.chunks()) paths.push([entityPath, numRows]);
    expect(paths).toEqual([
      ["/before", 100],
      ["/after", 100],
    ]);
    expectVerified(path);
  }, 120_000);
});
