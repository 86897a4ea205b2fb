import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  bufferedSink,
  CallbackSink,
  fileSink,
  grpcServerSink,
  grpcSink,
  RecordingStream,
  Scalars,
  stdoutSink,
} from "../../../src/index.ts";
import { openRrd } from "../../../src/reader.ts";

let folder: string;
let rec: RecordingStream;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-live-"));
  rec = new RecordingStream("app");
});
afterEach(async () => {
  await rec.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** Values of `/a`, in the order of the file. */
async function scalarsIn(bytes: Uint8Array | string): Promise<number[]> {
  const reader = await openRrd(bytes);
  const values: number[] = [];
  for await (const chunk of reader.chunks()) {
    if (chunk.entityPath !== "/a") continue;
    const column = chunk.components[0] as { get(row: number): unknown };
    for (let row = 0; row < chunk.numRows; row++) values.push(...(column.get(row) as number[]));
  }
  return values;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

function logNumbers(from: number, to: number): void {
  for (const i of numbers(from, to)) rec.log("a", new Scalars(i));
}

describe("binaryStream (C20)", () => {
  it("reads what came since the last time; the pieces one behind the other are the whole", async () => {
    logNumbers(0, 3);
    const stream = rec.binaryStream();
    const pieces: Uint8Array[] = [];
    for (let i = 1; i <= 3; i++) {
      pieces.push((await stream.read()) as Uint8Array);
      logNumbers(3 * i, 3 * i + 3);
    }
    pieces.push((await stream.read()) as Uint8Array);
    expect(await stream.read()).toBeUndefined();
    expect(await scalarsIn(pieces[1] as Uint8Array)).toEqual([3, 4, 5]);
    expect(await scalarsIn(Buffer.concat(pieces))).toEqual(numbers(0, 12));
  });

  it("is iterated until the recording ends", async () => {
    const pieces: Uint8Array[] = [];
    const stream = rec.binaryStream();
    const reading = (async () => {
      for await (const bytes of stream) pieces.push(bytes);
    })();
    for (let i = 0; i < 5; i++) {
      logNumbers(i, i + 1);
      await rec.flush();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    logNumbers(5, 6);
    await rec.shutdown();
    await reading;
    expect(pieces.length).toBeGreaterThan(1);
    expect(await scalarsIn(Buffer.concat(pieces))).toEqual(numbers(0, 6));
  });

  it("is a web stream too, which ends when other sinks take its place", async () => {
    const stream = rec.binaryStream().toReadableStream();
    logNumbers(0, 4);
    const whole = new Response(stream).arrayBuffer();
    rec.memoryRecording();
    expect(await scalarsIn(new Uint8Array(await whole))).toEqual(numbers(0, 4));
  });

  it("bounded: what nobody reads goes, the oldest first, and is counted (I3, I7)", async () => {
    const stream = rec.binaryStream({ maxBytes: 20_000 });
    for (let i = 0; i < 100; i++) {
      logNumbers(i, i + 1);
      await rec.flush();
    }
    const values = await scalarsIn((await stream.read()) as Uint8Array);
    expect(values.at(-1)).toBe(99);
    expect(values.length).toBeLessThan(50);
    expect(rec.stats().rowsDropped.sink).toBe(100 - values.length);
  });

  it("of a disabled recording has nothing and ends at once when it is shut down", async () => {
    const stream = RecordingStream.disabled().binaryStream();
    expect(await stream.read()).toBeUndefined();
  });
});

describe("CallbackSink and toStream", () => {
  it("the function has been given everything when a flush resolves", async () => {
    const pieces: Uint8Array[] = [];
    rec.setSinks([new CallbackSink((bytes) => void pieces.push(bytes))]);
    logNumbers(0, 5);
    await rec.flush();
    expect(await scalarsIn(Buffer.concat(pieces))).toEqual(numbers(0, 5));
    logNumbers(5, 7);
    await rec.shutdown();
    expect(await scalarsIn(Buffer.concat(pieces))).toEqual(numbers(0, 7));
  });

  it("a function that throws is warned about, and called again (I1)", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    let calls = 0;
    rec.setSinks([
      new CallbackSink(() => {
        calls += 1;
        throw new Error(`not today ${folder}`);
      }),
    ]);
    for (let i = 0; i < 3; i++) {
      logNumbers(i, i + 1);
      await rec.flush();
    }
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(warn.mock.calls.filter(([text]) => String(text).includes("not today"))).toHaveLength(1);
    warn.mockRestore();
  });

  it("a slow stream is not hurried, a flush waits no longer than its deadline (C28)", async () => {
    const taken: Buffer[] = [];
    let proceed: (() => void) | undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write(piece, _, done) {
        taken.push(piece);
        proceed = done;
      },
    });
    rec.toStream(slow);
    logNumbers(0, 3);
    await expect(rec.flush({ timeoutMillis: 100 })).rejects.toMatchObject({ code: "ERR_RERUN_FLUSH_TIMEOUT" });
    logNumbers(3, 6);
    const ended = new Promise((resolve) => slow.once("finish", resolve));
    const timer = setInterval(() => proceed?.(), 5);
    await rec.shutdown();
    await ended;
    clearInterval(timer);
    expect(await scalarsIn(Buffer.concat(taken))).toEqual(numbers(0, 6));
  });
});

describe("setSinks, addSink, disconnect", () => {
  it("every child of a tee gets everything (C19)", async () => {
    const pieces: Uint8Array[] = [];
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    logNumbers(0, 2);
    rec.setSinks([fileSink(one), fileSink(two), new CallbackSink((bytes) => void pieces.push(bytes))]);
    logNumbers(2, 5);
    await rec.shutdown();
    for (const bytes of [readFileSync(one), readFileSync(two), Buffer.concat(pieces)]) {
      expect(await scalarsIn(bytes)).toEqual(numbers(0, 5));
    }
  });

  it("two that go to the same place are refused, and nothing is opened (C19)", () => {
    const path = join(folder, "x.rrd");
    for (const sinks of [
      [fileSink(path), fileSink(path)],
      [grpcSink(), grpcSink("rerun+http://127.0.0.1:9876/proxy/")],
      [stdoutSink(), stdoutSink()],
    ]) {
      expect(sinks[0]?.equals(sinks[1] as never)).toBe(true);
      expect(() => rec.setSinks(sinks)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
    }
    expect(() => readFileSync(path)).toThrow();
  });

  it("a dead child neither delays nor fails the others (C32)", async () => {
    const path = join(folder, "x.rrd");
    rec.setSinks([grpcSink("rerun+http://127.0.0.1:9/proxy", { connectTimeoutMillis: 50 }), fileSink(path)]);
    logNumbers(0, 5);
    await expect(rec.flush()).rejects.toMatchObject({ code: "ERR_RERUN_SINK" });
    expect(await scalarsIn(path)).toEqual(numbers(0, 5));
    logNumbers(5, 10);
    await rec.shutdown().catch(() => {});
    expect(await scalarsIn(path)).toEqual(numbers(0, 10));
  });

  it("addSink: the others go on, the new one gets what comes, on its own readable", async () => {
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    rec.save(one);
    logNumbers(0, 3);
    rec.addSink(fileSink(two));
    logNumbers(3, 6);
    await rec.shutdown();
    expect(await scalarsIn(one)).toEqual(numbers(0, 6));
    expect(await scalarsIn(two)).toEqual(numbers(3, 6));
    const [recording] = (await openRrd(two)).recordings();
    expect(recording).toMatchObject({ recordingId: rec.recordingId, applicationId: "app" });
  });

  it("what addSink returns removes that one: its file is complete, the others go on, and its path is free again", async () => {
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    rec.save(one);
    const handle = rec.addSink(fileSink(two));
    expect(String(handle)).toBe(two);
    logNumbers(0, 3);
    await handle.remove();
    expect(readFileSync(two).subarray(-8, -4).toString()).toBe("FOOT");
    logNumbers(3, 6);
    await handle.remove(); // it is gone already
    expect(rec.stats().sinks).toHaveLength(1);
    {
      await using again = rec.addSink(fileSink(two));
      expect(again.sink.equals(handle.sink)).toBe(true);
      await handle.remove(); // not the one that has its place by now
      logNumbers(6, 8);
    }
    expect(await scalarsIn(two)).toEqual([6, 7]);
    await rec.shutdown();
    expect(await scalarsIn(one)).toEqual(numbers(0, 8));
    await handle.remove();
  });

  it("the first of two files leaves by its handle, a journal with it", async () => {
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    const first = rec.addSink(fileSink(one, { journal: true }));
    rec.addSink(fileSink(two, { journal: true }));
    logNumbers(0, 3);
    await first.remove();
    logNumbers(3, 6);
    await rec.shutdown();
    expect(await scalarsIn(one)).toEqual(numbers(0, 3));
    expect(await scalarsIn(two)).toEqual(numbers(0, 6));
    expect(readdirSync(folder).sort()).toEqual(["one.rrd", "two.rrd"]);
  });

  it("when the last sink is removed, later rows wait for the next one", async () => {
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    const only = rec.addSink(fileSink(one));
    logNumbers(0, 3);
    await only.remove();
    logNumbers(3, 6);
    rec.setSink(fileSink(two));
    await rec.shutdown();
    expect(await scalarsIn(one)).toEqual(numbers(0, 3));
    expect(await scalarsIn(two)).toEqual(numbers(3, 6));
  });

  it("a callback that is removed has been given everything until then", async () => {
    const pieces: Uint8Array[] = [];
    rec.memoryRecording();
    const handle = rec.addSink(new CallbackSink((bytes) => void pieces.push(bytes)));
    logNumbers(0, 3);
    await handle.remove();
    logNumbers(3, 6);
    await rec.flush();
    expect(await scalarsIn(Buffer.concat(pieces))).toEqual(numbers(0, 3));
  });

  it("disconnect completes the file; later rows wait for the next sink", async () => {
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    rec.save(one);
    logNumbers(0, 3);
    await rec.disconnect();
    expect((await openRrd(one)).recordings()).toHaveLength(1);
    expect(readFileSync(one).subarray(-8, -4).toString()).toBe("FOOT");
    logNumbers(3, 6);
    rec.save(two);
    await rec.shutdown();
    expect(await scalarsIn(one)).toEqual(numbers(0, 3));
    expect(await scalarsIn(two)).toEqual(numbers(3, 6));
  });

  it("finalize completes the files and leaves the other sinks; later rows go on to those", async () => {
    const [one, two] = [join(folder, "one.rrd"), join(folder, "two.rrd")];
    const pieces: Uint8Array[] = [];
    rec.setSinks([fileSink(one), new CallbackSink((bytes) => void pieces.push(bytes))]);
    logNumbers(0, 3);
    await rec.finalize();
    expect(readFileSync(one).subarray(-8, -4).toString()).toBe("FOOT");
    logNumbers(3, 6);
    await rec.flush();
    expect(await scalarsIn(one)).toEqual(numbers(0, 3));
    expect(await scalarsIn(Buffer.concat(pieces))).toEqual(numbers(0, 6));
    await rec.finalize(); // no file is left: nothing happens
    rec.save(two);
    logNumbers(6, 8);
    await rec.finalize();
    logNumbers(8, 9); // waits for the next sink
    const memory = rec.memoryRecording();
    expect(await scalarsIn(two)).toEqual(numbers(6, 8));
    expect(await scalarsIn(memory.drainAsBytes())).toEqual([8]);
  });

  it("sinks may be named when the recording is made; what is wrong with them is thrown there", async () => {
    const path = join(folder, "early.rrd");
    const early = new RecordingStream("app", { sinks: [fileSink(path)] });
    early.log("a", new Scalars(1));
    await early.shutdown();
    expect(await scalarsIn(path)).toEqual([1]);
    expect(() => new RecordingStream("app", { sinks: [fileSink(folder)] })).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_FILE" }),
    );
  });

  it("a memory recording says how many messages it holds, those of rows that wait included", () => {
    const memory = rec.memoryRecording();
    const before = memory.numMessages(); // store info and properties
    logNumbers(0, 3);
    expect(memory.numMessages()).toBe(before + 1);
    memory.drainAsBytes();
    expect(memory.numMessages()).toBe(0);
    expect(RecordingStream.disabled().memoryRecording().numMessages()).toBe(0);
  });

  it("a memory recording gives its messages, and what comes later with what is needed to read it", async () => {
    const memory = rec.memoryRecording();
    logNumbers(0, 2);
    const first = await memory.messages();
    expect(first.map(({ kind }) => kind)).toEqual(["store-info", "arrow", "arrow"]);
    expect(first.at(-1)).toMatchObject({ store: { applicationId: "app" }, summary: { entityPath: "/a", numRows: 2 } });
    logNumbers(2, 3);
    const last = await memory.messages();
    expect(last[0]?.kind).toBe("store-info");
    expect(last.at(-1)).toMatchObject({ summary: { entityPath: "/a", numRows: 1 } });
    expect(await RecordingStream.disabled().memoryRecording().messages()).toEqual([]);
  });

  it("a web stream is written as slowly as it takes, and closed at the end unless told otherwise", async () => {
    const write = (taken: Uint8Array[], onClose: () => void) =>
      new WritableStream<Uint8Array>({
        async write(bytes) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          taken.push(bytes);
        },
        close: onClose,
      });
    const warned = vi.spyOn(process, "emitWarning");
    let closed = 0;
    const [first, second]: [Uint8Array[], Uint8Array[]] = [[], []];
    rec.toStream(write(first, () => closed++));
    logNumbers(0, 5);
    const kept = write(second, () => closed++);
    rec.toStream(kept, { end: false });
    logNumbers(5, 8);
    await rec.shutdown();
    await expect.poll(() => closed).toBe(1);
    expect(await scalarsIn(Buffer.concat(first))).toEqual(numbers(0, 5));
    expect(await scalarsIn(Buffer.concat(second))).toEqual(numbers(5, 8));
    await kept.close();
    expect(closed).toBe(2);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it("a web stream that somebody else writes to is a typed error", () => {
    const stream = new WritableStream<Uint8Array>();
    stream.getWriter();
    expect(() => rec.toStream(stream)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
  });

  it("after shutdown: a typed error in the call", async () => {
    await rec.shutdown();
    for (const call of [() => rec.connectGrpc(), () => rec.addSink(stdoutSink()), () => rec.setSinks([])]) {
      expect(call).toThrow(expect.objectContaining({ code: "ERR_RERUN_CLOSED" }));
    }
    await expect(rec.serveGrpc({ port: 0 })).rejects.toMatchObject({ code: "ERR_RERUN_CLOSED" });
  });
});

describe("bufferedSink", () => {
  it("gives what it holds to the sinks that come next", async () => {
    const path = join(folder, "x.rrd");
    rec.setSink(bufferedSink());
    logNumbers(0, 5);
    await rec.flush();
    expect(rec.stats().sinks).toMatchObject([{ kind: "buffered", state: "open", overflow: "drop-oldest" }]);
    rec.save(path);
    logNumbers(5, 8);
    await rec.shutdown();
    expect(await scalarsIn(path)).toEqual(numbers(0, 8));
  });

  it.each([
    ["drop-oldest", numbers(20, 40)],
    ["drop-newest", numbers(0, 20)],
  ] as const)("%s: a limit holds, and what goes is counted", async (overflow, kept) => {
    const path = join(folder, "x.rrd");
    rec.setSink(bufferedSink({ maxBytes: 12_000, overflow }));
    for (const i of numbers(0, 40)) {
      rec.log("a", new Scalars(i));
      await rec.flush(); // a chunk a row
    }
    const { rowsDropped, rowsAccepted } = rec.stats();
    rec.save(path);
    await rec.shutdown();
    const values = await scalarsIn(path);
    expect(values.length).toBeGreaterThan(0);
    expect(values).toEqual(overflow === "drop-oldest" ? kept.slice(-values.length) : kept.slice(0, values.length));
    expect(rowsDropped).toEqual({ overflow: 40 - values.length });
    expect(rowsAccepted).toBe(41); // with the recording's properties, which stay
  });

  it("nobody takes it: the rows are counted", async () => {
    rec.setSink(bufferedSink());
    logNumbers(0, 5);
    await rec.shutdown();
    expect(rec.stats().rowsDropped["no-sink"]).toBe(6);
  });

  it.each([{ maxBytes: 0 }, { maxBytes: "1GB" as never }, { overflow: "block" as never }])("refuses %j", (options) => {
    expect(() => bufferedSink(options)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
  });
});

describe("flush says per sink what was not delivered", () => {
  it("all is well: each sink by its name", async () => {
    const path = join(folder, "x.rrd");
    expect(await rec.flush()).toEqual({ sinks: [] });
    rec.setSinks([fileSink(path), new CallbackSink(() => {})]);
    logNumbers(0, 3);
    const { sinks } = await rec.flush();
    expect(sinks).toMatchObject([
      { sink: path, status: "delivered", lostRows: 0 },
      { status: "delivered", lostRows: 0 },
    ]);
  });

  it("a dead address: the error has what it could not take, and that the file has everything", async () => {
    const path = join(folder, "x.rrd");
    rec.setSinks([grpcSink("rerun+http://127.0.0.1:9/proxy", { connectTimeoutMillis: 30 }), fileSink(path)]);
    logNumbers(0, 3);
    await expect(rec.flush()).rejects.toMatchObject({
      code: "ERR_RERUN_SINK",
      sinks: [
        {
          sink: "rerun+http://127.0.0.1:9/proxy",
          status: "failed",
          queuedMessages: 3,
          error: { code: "ERR_RERUN_SINK" },
        },
        { sink: path, status: "delivered" },
      ],
    });
    await expect(rec.shutdown({ timeoutMillis: 30 })).rejects.toMatchObject({ sinks: [{ status: "failed" }, {}] });
  });

  it("a callback that does not come to an end is late", async () => {
    let finish: () => void = () => {};
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    rec.setSinks([new CallbackSink(() => busy)]);
    logNumbers(0, 3);
    await expect(rec.flush({ timeoutMillis: 100 })).rejects.toMatchObject({ sinks: [{ status: "late" }] });
    finish();
    await expect(rec.flush()).resolves.toMatchObject({ sinks: [{ status: "delivered" }] });
  });
});

describe("bad input is a typed error in the call", () => {
  it.each(["nonsense", "http://127.0.0.1:9876/proxy", "rerun+http://127.0.0.1:9876/other"])(
    "connectGrpc(%j)",
    (url) => {
      expect(() => rec.connectGrpc(url)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
    },
  );

  it.each([
    { port: 70_000 },
    { port: 1.5 },
    { host: "" },
    { serverMemoryLimit: "lots" },
    { serverMemoryLimit: -1 },
    { maxMessageBytes: 0 },
    { playback: "backwards" as never },
  ])("serveGrpc(%j)", async (options) => {
    await expect(rec.serveGrpc(options)).rejects.toMatchObject({ code: "ERR_RERUN_ARGUMENT" });
  });

  it("a port in use: the error comes with the call and the recording keeps its sinks", async () => {
    const path = join(folder, "x.rrd");
    rec.save(path);
    const sink = await grpcServerSink({ port: 0 });
    await expect(rec.serveGrpc({ port: sink.port })).rejects.toMatchObject({
      code: "ERR_RERUN_ARGUMENT",
      message: expect.stringContaining("is taken"),
    });
    logNumbers(0, 3);
    rec.addSink(sink);
    await rec.shutdown();
    expect(await scalarsIn(path)).toEqual(numbers(0, 3));
  });

  it("a memory limit may be a part of the machine's", async () => {
    const { url, port } = await rec.serveGrpc({ port: 0, serverMemoryLimit: "25%" });
    expect(url).toBe(`rerun+http://127.0.0.1:${port}/proxy`);
    expect(rec.stats().sinks).toMatchObject([{ kind: "grpc-server", state: "open" }]);
  });
});
