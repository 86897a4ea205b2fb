import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { type Context, type ContextManager, context, ROOT_CONTEXT } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Scalars } from "../../../src/archetypes/index.ts";
import { RecordingContextManager } from "../../../src/otel/context/recording-context-manager.ts";
import { getDataRecording } from "../../../src/recording/context/active-recording.ts";
import { contextWithRecording, recordingFromContext } from "../../../src/recording/context/scope.ts";
import { log, setTime } from "../../../src/recording/free-functions.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let a: RecordingStream;
let b: RecordingStream;

beforeEach(() => {
  transport = useFakeTransport();
  a = new RecordingStream("a");
  b = new RecordingStream("b");
});

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 3));

const MANAGERS: Record<string, (() => ContextManager) | undefined> = {
  "without a context manager": undefined,
  "under our context manager": () => new RecordingContextManager(),
  "under a foreign context manager": () => new AsyncLocalStorageContextManager(),
  "under a foreign context manager without attach": () => new MinimalManager(),
};

/** A manager as of SDK 1.x: `active` and `with`, nothing more. */
class MinimalManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with = ((ctx: Context, fn: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]) =>
    this.#storage.run(ctx, () => fn.apply(self, args))) as ContextManager["with"];
  bind = <T>(_: Context, target: T) => target;
  enable = () => this;
  disable = () => this;
}

for (const [name, manager] of Object.entries(MANAGERS)) {
  describe(`scopes ${name}`, () => {
    beforeEach(() => {
      if (manager !== undefined) context.setGlobalContextManager(manager().enable());
    });
    afterEach(() => {
      context.disable();
      processState().contextManager = undefined;
    });

    it("a thousand interleaved tasks, each in its own `with`, never share a row (C23, I6)", async () => {
      const recordings = Array.from({ length: 10 }, (_, i) => new RecordingStream(`task ${i}`));
      await Promise.all(
        Array.from({ length: 1000 }, async (_, task) => {
          const rec = recordings[task % 10]!;
          await rec.with(async () => {
            for (let step = 0; step < 3; step++) {
              setTime("task", { sequence: task });
              setTime("step", { sequence: step });
              await pause();
              log("value", new Scalars(task * 10 + step));
            }
          });
        }),
      );
      expect(transport.userRows).toHaveLength(3000);
      const numbers = new Map(
        transport.definitions.flatMap((d) => (d.type === "recording" ? [[d.no, d.store.applicationId]] : [])),
      );
      for (const { recording, times, components } of transport.userRows) {
        const value = components["Scalars:scalars"]?.[0] as number;
        expect(times).toMatchObject({ task: BigInt(Math.floor(value / 10)), step: BigInt(value % 10) });
        expect(numbers.get(recording)).toBe(`task ${Math.floor(value / 10) % 10}`);
      }
    });

    it("nests, also in itself, and is restored after a throw (C24)", () => {
      const seen: unknown[] = [];
      a.with(() => {
        b.with(() => {
          a.with(() => seen.push(getDataRecording()));
          seen.push(getDataRecording());
        });
        a.with(() => seen.push(getDataRecording()));
        expect(() =>
          b.with(() => {
            throw new Error("inside");
          }),
        ).toThrow("inside");
        seen.push(getDataRecording());
      });
      expect(seen).toEqual([a, b, a, a]);
      expect(getDataRecording()).toBeUndefined();
    });

    it("`with` returns what the function returns, and a rejection passes through", async () => {
      expect(a.with(() => 7)).toBe(7);
      await expect(a.with(async () => Promise.reject(new Error("later")))).rejects.toThrow("later");
    });

    it("`activate` holds until it is disposed, and disposing again changes nothing (C24)", () => {
      const outer = a.activate();
      const inner = b.activate();
      expect(getDataRecording()).toBe(b);
      inner.dispose();
      inner[Symbol.dispose]();
      expect(getDataRecording()).toBe(a);
      outer.dispose();
      expect(getDataRecording()).toBeUndefined();
      inner.dispose();
      expect(getDataRecording()).toBeUndefined();
    });

    it("activations may be disposed out of order (C24)", () => {
      const outer = a.activate();
      const inner = b.activate();
      outer.dispose();
      expect(getDataRecording()).toBe(b);
      inner.dispose();
      expect(getDataRecording()).toBeUndefined();
    });

    it("the same recording is entered again after it was left, and again inside itself (C24)", () => {
      for (let i = 0; i < 3; i++) {
        const outer = a.activate();
        const inner = a.activate();
        inner.dispose();
        expect(getDataRecording()).toBe(a);
        outer.dispose();
        expect(getDataRecording()).toBeUndefined();
      }
    });

    it("what was started in a scope stays in it after the scope was disposed", async () => {
      const scope = a.activate();
      const later = pause().then(() => getDataRecording());
      scope.dispose();
      expect(getDataRecording()).toBeUndefined();
      expect(await later).toBe(a);
    });

    it("times are inherited and do not leak out", () => {
      a.setTime("frame", { sequence: 1 });
      a.with(() => {
        log("x", new Scalars(0));
        setTime("frame", { sequence: 2 });
        setTime("inner", { sequence: 5 });
        a.with(() => {
          a.disableTimeline("frame");
          log("x", new Scalars(1));
        });
        log("x", new Scalars(2));
      });
      a.log("x", new Scalars(3));
      a.resetTime();
      a.log("x", new Scalars(4));
      expect(transport.userRows.map(({ times }) => times)).toEqual([
        { log_time: "now", frame: 1n },
        { log_time: "now", inner: 5n },
        { log_time: "now", frame: 2n, inner: 5n },
        { log_time: "now", frame: 1n },
        { log_time: "now" },
      ]);
    });

    it("a time that is set outside of a scope while it is under way does not get into it", async () => {
      a.setTime("frame", { sequence: 1 });
      const task = a.with(async () => {
        await pause();
        log("x", new Scalars(0));
      });
      a.setTime("frame", { sequence: 2 });
      await task;
      expect(transport.userRows.map(({ times }) => times.frame)).toEqual([1n]);
    });

    it("generators and listeners see the scope of their caller (C25)", async () => {
      async function* steps() {
        yield getDataRecording();
        await pause();
        yield getDataRecording();
      }
      const iterator = a.with(() => steps());
      expect([(await iterator.next()).value, (await b.with(() => iterator.next())).value]).toEqual([undefined, b]);
      const emitter = new EventEmitter();
      const seen: unknown[] = [];
      a.with(() => emitter.on("x", () => seen.push(getDataRecording())));
      b.with(() => emitter.emit("x"));
      expect(seen).toEqual([b]);
    });

    if (manager !== undefined) {
      it("a recording in an OTel context is active in it, and the innermost change wins", () => {
        const ctx = contextWithRecording(context.active(), b);
        expect(recordingFromContext(ctx)).toBe(b);
        const seen: unknown[] = [];
        a.with(() => {
          context.with(ctx, () => {
            seen.push(getDataRecording());
            const scope = a.activate();
            seen.push(getDataRecording());
            context.with(contextWithRecording(context.active(), b), () => seen.push(getDataRecording()));
            scope.dispose();
            seen.push(getDataRecording());
          });
          seen.push(getDataRecording());
        });
        expect(seen).toEqual([b, a, b, b, a]);
      });

      it("an OTel context from outside leads out of the scope", () => {
        const outside = context.active();
        a.with(() => context.with(outside, () => expect(getDataRecording()).toBeUndefined()));
      });

      it("`with` puts the recording into the OTel context, where processors look for it", () => {
        a.with(() => expect(recordingFromContext(context.active())).toBe(a));
        expect(recordingFromContext(context.active())).toBeUndefined();
      });
    }
  });
}

it("under a foreign manager times set in an OTel context stay in it (I6)", () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    context.with(contextWithRecording(context.active(), a), () => {
      setTime("frame", { sequence: 9 });
      log("x", new Scalars(1));
    });
    a.log("x", new Scalars(2));
  } finally {
    context.disable();
  }
  expect(transport.userRows.map(({ times }) => times.frame)).toEqual([9n, undefined]);
});

it("a flow that began under our manager keeps its scope when the application registers its own", async () => {
  context.setGlobalContextManager(new RecordingContextManager().enable());
  const flow = a.with(async () => {
    await pause();
    const scope = b.activate();
    await pause();
    const seen = getDataRecording();
    scope.dispose();
    return [seen, getDataRecording()];
  });
  const activated = (async () => {
    await pause();
    a.activate();
    await pause();
    return getDataRecording();
  })();
  context.disable();
  processState().contextManager = undefined;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    expect(await flow).toEqual([b, a]);
    expect(await activated).toBe(a);
  } finally {
    context.disable();
  }
});
