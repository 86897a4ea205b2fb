import { afterEach, expect, it, vi } from "vitest";
import { RerunError } from "../../../../src/errors.ts";
import type { LogMessage } from "../../../../src/rrd/log-message.ts";
import { GrpcClientSink } from "../../../../src/sinks/grpc/grpc-client-sink.ts";
import type { ConnectToProxy } from "../../../../src/sinks/grpc/proxy-connection.ts";
import { BLUEPRINT, chunk, info, labelOf } from "./messages.ts";

const sinks: GrpcClientSink[] = [];
afterEach(() => {
  for (const sink of sinks.splice(0)) sink.close();
});

/** A proxy that notes what it is given, refuses connections while it is down, and cuts them when it goes down. */
class FakeProxy {
  readonly connections: string[][] = [];
  isUp = true;
  refuses: string | undefined;
  /** Messages that are sent behind one that is refused. */
  ahead = 0;
  /** It takes one more message, and no other. */
  stalls = false;
  attempts = 0;
  #cut: (() => void)[] = [];

  readonly connect: ConnectToProxy = async () => {
    this.attempts += 1;
    if (!this.isUp) throw new Error("refused");
    const seen: string[] = [];
    this.connections.push(seen);
    const cut = new Promise<never>((_, reject) => this.#cut.push(() => reject(new Error("cut"))));
    return {
      closed: cut.catch(() => {}),
      write: (messages) => Promise.race([this.#take(messages, seen), cut]),
      close: () => {},
    };
  };

  async #take(messages: AsyncIterable<LogMessage>, seen: string[]): Promise<void> {
    const iterator = messages[Symbol.asyncIterator]();
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const label = labelOf(next.value);
      if (label === this.refuses) {
        // what is on its way when it is refused
        for (let ahead = 0; ahead < this.ahead; ahead++) await iterator.next();
        throw new RerunError("ERR_RERUN_SINK", "too large");
      }
      seen.push(label);
      if (this.stalls) await new Promise<never>(() => {});
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  goDown(): void {
    this.isUp = false;
    for (const cut of this.#cut.splice(0)) cut();
  }
}

function sinkTo(proxy: FakeProxy, maxBufferedBytes = 1 << 20, onLost?: (lost: { rows: number }) => void) {
  const spec = { kind: "grpc", url: "rerun+http://127.0.0.1:9876/proxy", maxBufferedBytes } as const;
  const sink = new GrpcClientSink({ ...spec, connectTimeoutMillis: 300 }, onLost, proxy.connect);
  sinks.push(sink);
  return sink;
}

it("flush resolves when the proxy has taken everything, in order", async () => {
  const proxy = new FakeProxy();
  const sink = sinkTo(proxy);
  sink.write(info());
  for (let i = 0; i < 50; i++) sink.write(chunk(`a${i}`));
  await sink.flush(5000);
  expect(proxy.connections).toEqual([["store-info", ...Array.from({ length: 50 }, (_, i) => `a${i}`)]]);
  sink.write(chunk("later"));
  await sink.flush(5000);
  expect(proxy.connections[0]?.at(-1)).toBe("later");
  expect(sink.status).toMatchObject({ state: "open", connection: "connected", lostMessages: 0, messages: 52 });
});

it("a proxy that comes late gets what waited (C26)", async () => {
  const proxy = new FakeProxy();
  proxy.isUp = false;
  const sink = sinkTo(proxy);
  sink.write(info());
  sink.write(chunk("early"));
  await expect(sink.flush(50)).rejects.toMatchObject({ code: "ERR_RERUN_SINK" });
  proxy.isUp = true;
  await expect.poll(() => proxy.connections[0]).toEqual(["store-info", "early"]);
});

it("after a restart: store info, layout and static rows first, then the window, each once (C27)", async () => {
  const proxy = new FakeProxy();
  const sink = sinkTo(proxy, 2000);
  sink.write(info());
  sink.write(info(BLUEPRINT));
  sink.write(chunk("layout", { store: BLUEPRINT }));
  sink.write(chunk("static", { isStatic: true }));
  for (let i = 0; i < 40; i++) {
    sink.write(chunk(`a${i}`));
    await sink.flush(5000);
  }
  proxy.goDown();
  sink.write(chunk("while it was down"));
  await expect.poll(() => sink.status.connection).toBe("lost");
  proxy.isUp = true;
  sink.write(chunk("after"));
  await sink.flush(5000);
  const again = proxy.connections.at(-1) as string[];
  expect(new Set(again).size).toBe(again.length - 1); // two store infos
  expect(again.slice(0, 4).sort()).toEqual(["layout", "static", "store-info", "store-info"]);
  expect(again.slice(-3)).toEqual(["a39", "while it was down", "after"]);
  expect(again.length).toBeLessThan(30);
  expect(sink.status.lostMessages).toBe(0);
});

it("memory stays below the limit, the oldest temporal chunks go first, and are counted (I3, I7)", async () => {
  const proxy = new FakeProxy();
  proxy.isUp = false;
  let lost = 0;
  const sink = sinkTo(proxy, 2000, ({ rows }) => {
    lost += rows;
  });
  sink.write(info());
  sink.write(chunk("static", { isStatic: true }));
  for (let i = 0; i < 100; i++) sink.write(chunk(`a${i}`));
  expect(sink.status.queuedBytes).toBeLessThanOrEqual(2000);
  proxy.isUp = true;
  await sink.flush(5000);
  const seen = proxy.connections[0] as string[];
  expect(seen.slice(0, 2)).toEqual(["store-info", "static"]);
  expect(seen.at(-1)).toBe("a99");
  expect(seen.length - 2 + lost).toBe(100);
});

it("an ending process does not wait for whom nobody ever reached, and does for one that was there", async () => {
  const proxy = new FakeProxy();
  proxy.isUp = false;
  const sink = sinkTo(proxy);
  sink.write(chunk("a"));
  await expect.poll(() => proxy.attempts).toBeGreaterThan(0);
  await expect(sink.flush(1e9, true)).rejects.toMatchObject({ code: "ERR_RERUN_SINK" });
  proxy.isUp = true;
  await sink.flush(5000);
  proxy.goDown();
  sink.write(chunk("b"));
  await expect.poll(() => sink.status.connection).toBe("lost");
  const flushed = sink.flush(5000, true);
  proxy.isUp = true;
  await flushed;
  expect(proxy.connections.at(-1)).toEqual(["a", "b"]);
});

it.each([0, 1, 3])(
  "a message that the proxy refuses is lost alone and counted, with %i behind it on their way",
  async (ahead) => {
    const proxy = new FakeProxy();
    proxy.refuses = "huge";
    proxy.ahead = ahead;
    let lost = 0;
    const sink = sinkTo(proxy, 1 << 20, ({ rows }) => {
      lost += rows;
    });
    for (const label of ["a", "huge", "b", "c", "d"]) sink.write(chunk(label));
    await sink.flush(5000);
    // nobody said which it was, so what came before may be there twice, with the same chunk ids
    expect([...new Set(proxy.connections.flat())]).toEqual(["a", "b", "c", "d"]);
    expect(lost).toBe(1);
    expect(sink.status.error?.message).toContain("too large");
  },
);

it("what never left is lost at the end, and counted; the end itself comes at once", async () => {
  const proxy = new FakeProxy();
  proxy.isUp = false;
  const sink = sinkTo(proxy);
  sink.write(chunk("a"));
  sink.close();
  await sink.closed;
  sink.write(chunk("b"));
  expect(sink.status).toMatchObject({ state: "closed", lostRows: 2 });
});

it("what a proxy that stops reading has not said to have taken is lost, and counted when the end has no time left (I3)", async () => {
  const proxy = new FakeProxy();
  const sink = sinkTo(proxy);
  for (const label of ["a", "b"]) sink.write(chunk(label));
  await sink.flush(5000);
  proxy.stalls = true;
  for (const label of ["c", "d", "e"]) sink.write(chunk(label));
  void sink.flush(20).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  sink.close({ millis: 0 });
  expect(sink.status).toMatchObject({ state: "closed", lostRows: 3 });
});

it("a flush that is not answered in time leaves nothing behind (I7)", async () => {
  const proxy = new FakeProxy();
  const sink = sinkTo(proxy);
  sink.write(chunk("a"));
  await sink.flush(5000);
  proxy.goDown();
  sink.write(chunk("b"));
  await vi.waitFor(() => expect(sink.status.connection).toBe("lost"));
  const settled = vi.fn();
  for (let at = 0; at < 100; at++) void sink.flush(1).then(settled, settled);
  await new Promise((resolve) => setTimeout(resolve, 50));
  sink.close();
  // those that waited at the end would be told that nothing could be sent
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(settled).not.toHaveBeenCalled();
});
