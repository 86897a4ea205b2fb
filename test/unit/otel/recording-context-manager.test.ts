import { EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type ContextManager, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RecordingContextManager } from "../../../src/otel/recording-context-manager.ts";
import { processState } from "../../../src/recording/process-state.ts";

const KEY = createContextKey("test");
const context = (value: string) => ROOT_CONTEXT.setValue(KEY, value);
const a = context("a");
const b = context("b");

// Upstream's manager beside ours: what we expect is what it does.
const managers: [string, () => ContextManager][] = [
  ["RecordingContextManager", () => new RecordingContextManager()],
  ["upstream's AsyncLocalStorageContextManager", () => new AsyncLocalStorageContextManager()],
];

describe.each(managers)("%s", (_name, create) => {
  let manager: ContextManager;
  beforeEach(() => {
    manager = create().enable();
  });
  afterEach(() => {
    manager.disable();
  });

  describe("with", () => {
    it("starts at the root context", () => {
      expect(manager.active()).toBe(ROOT_CONTEXT);
    });

    it("passes this, arguments and the return value", () => {
      const self = { n: 1 };
      const result = manager.with(
        a,
        function (this: typeof self, x: number, y: number) {
          return [this, x, y, manager.active()];
        },
        self,
        2,
        3,
      );
      expect(result).toEqual([self, 2, 3, a]);
    });

    it("restores the context after return, nested use and a throw", () => {
      manager.with(a, () => {
        manager.with(b, () => expect(manager.active()).toBe(b));
        expect(manager.active()).toBe(a);
        expect(() =>
          manager.with(b, () => {
            throw new Error("no");
          }),
        ).toThrow("no");
        expect(manager.active()).toBe(a);
      });
      expect(manager.active()).toBe(ROOT_CONTEXT);
    });

    it("keeps the context over awaits, and apart in concurrent chains", async () => {
      const chain = async (own: typeof a) => {
        for (let step = 0; step < 5; step++) {
          await sleep(1);
          expect(manager.active()).toBe(own);
        }
      };
      await Promise.all([manager.with(a, () => chain(a)), manager.with(b, () => chain(b)), chain(ROOT_CONTEXT)]);
    });

    it("does not mix timers of equal delay", async () => {
      const seen = await Promise.all(
        [a, b, a].map((own) =>
          manager.with(own, () => new Promise((done) => setTimeout(() => done(manager.active()), 5))),
        ),
      );
      expect(seen).toEqual([a, b, a]);
    });

    it("works while disabled", () => {
      manager.disable();
      expect(manager.with(a, () => manager.with(b, () => manager.active()))).toBe(b);
    });

    it("does not influence another instance", () => {
      const other = create().enable();
      manager.with(a, () =>
        other.with(b, () => {
          expect(manager.active()).toBe(a);
          expect(other.active()).toBe(b);
        }),
      );
      other.disable();
    });
  });

  describe("bind of a function", () => {
    it("runs it in the context, with this, arguments and arity", () => {
      const self = {};
      const bound = manager.bind(a, function (this: unknown, x: number, y: number) {
        return [this, x, y, manager.active()];
      });
      expect(bound.length).toBe(2);
      expect(manager.with(b, () => bound.call(self, 1, 2))).toEqual([self, 1, 2, a]);
    });

    it("keeps the context after an asynchronous gap", async () => {
      const bound = manager.bind(a, async () => {
        await sleep(1);
        return manager.active();
      });
      expect(await manager.with(b, bound)).toBe(a);
    });

    it("returns anything else untouched", () => {
      const object = { on: 1 };
      expect(manager.bind(a, object)).toBe(object);
      expect(manager.bind(a, 7)).toBe(7);
      expect(manager.bind(a, undefined)).toBe(undefined);
    });
  });

  describe("bind of an emitter", () => {
    const adders = ["on", "addListener", "once", "prependListener", "prependOnceListener"] as const;

    it.each(adders)("runs listeners added by %s in the context, once where it says so", (method) => {
      const emitter = manager.bind(a, new EventEmitter());
      const seen: unknown[] = [];
      emitter[method]("x", function (this: unknown, value: unknown) {
        seen.push([this === emitter, value, manager.active()]);
      });
      manager.with(b, () => emitter.emit("x", 1));
      emitter.emit("x", 2);
      const first = [true, 1, a];
      expect(seen).toEqual(method.toLowerCase().includes("once") ? [first] : [first, [true, 2, a]]);
    });

    it.each(adders)("removes a listener added by %s by the original function", (method) => {
      const emitter = manager.bind(a, new EventEmitter());
      const listener = () => expect.unreachable();
      emitter[method]("x", listener);
      expect(emitter.listenerCount("x")).toBe(1);
      emitter.off("x", listener);
      expect(emitter.listenerCount("x")).toBe(0);
      emitter.emit("x");
    });

    it("removes all listeners, of one event and of all", () => {
      const emitter = manager.bind(a, new EventEmitter());
      for (const event of ["x", "x", "y", "z"]) emitter.on(event, () => expect.unreachable());
      emitter.removeAllListeners("x");
      expect(emitter.eventNames()).toEqual(["y", "z"]);
      emitter.removeAllListeners();
      expect(emitter.eventNames()).toEqual([]);
    });

    it("stays with the first context when bound a second time", () => {
      const emitter = manager.bind(a, new EventEmitter());
      expect(manager.bind(b, emitter)).toBe(emitter);
      let seen: unknown;
      emitter.on("x", () => {
        seen = manager.active();
      });
      emitter.emit("x");
      expect(seen).toBe(a);
    });
  });
});

describe("RecordingContextManager beyond upstream", () => {
  let manager: RecordingContextManager;
  beforeEach(() => {
    manager = new RecordingContextManager().enable();
  });
  afterEach(() => {
    manager.disable();
  });

  it("removes a function that was added twice as often as it was added", () => {
    const emitter = manager.bind(a, new EventEmitter());
    let calls = 0;
    const listener = () => void calls++;
    emitter.on("x", listener);
    emitter.on("x", listener);
    emitter.off("x", listener);
    emitter.emit("x");
    emitter.off("x", listener);
    emitter.emit("x");
    expect(calls).toBe(1);
  });

  it.each(["on", "once"] as const)(
    "keeps a listener added by %s in the contexts of both managers of its emitter",
    (method) => {
      const other = new RecordingContextManager().enable();
      const emitter = other.bind(b, manager.bind(a, new EventEmitter()));
      const seen: unknown[] = [];
      const listener = () => seen.push(manager.active(), other.active());
      emitter[method]("x", listener);
      emitter.emit("x");
      expect(seen).toEqual([a, b]);
      expect(emitter.listenerCount("x")).toBe(method === "on" ? 1 : 0);
      emitter[method]("x", listener);
      emitter.off("x", listener).off("x", listener);
      expect(emitter.listenerCount("x")).toBe(0);
      other.disable();
    },
  );

  it("shows the original functions in listeners()", () => {
    const emitter = manager.bind(a, new EventEmitter());
    const [first, second] = [() => {}, () => {}];
    emitter.on("x", first);
    emitter.once("x", second);
    expect(emitter.listeners("x")).toEqual([first, second]);
  });

  it("calls a once listener once when the event is emitted from a listener of it", () => {
    const emitter = manager.bind(a, new EventEmitter());
    let calls = 0;
    let depth = 0;
    emitter.on("x", () => {
      if (depth++ === 0) emitter.emit("x");
    });
    emitter.once("x", () => void calls++);
    emitter.emit("x");
    expect(calls).toBe(1);
  });

  it("binds streams, without changing how they read", async () => {
    const stream = manager.bind(a, Readable.from(["1", "2"]));
    const seen: unknown[] = [];
    stream.on("data", (chunk) => seen.push([chunk, manager.active()]));
    await once(stream, "end");
    expect(seen).toEqual([
      ["1", a],
      ["2", a],
    ]);
  });

  it("rejects an async listener's error into 'error' where captureRejections is on", async () => {
    const emitter = manager.bind(a, new EventEmitter({ captureRejections: true }));
    emitter.on("x", async () => {
      throw new Error("late");
    });
    const failed = once(emitter, "error");
    emitter.emit("x");
    expect(await failed).toMatchObject([{ message: "late" }]);
  });

  it("adds no enumerable property to the emitter", () => {
    const emitter = new EventEmitter();
    const before = Object.keys(emitter);
    manager.bind(a, emitter);
    expect(Object.keys(emitter)).toEqual(before);
  });

  it("attach holds until disposed, and disposing twice does nothing", () => {
    const outer = manager.attach(a);
    const inner = manager.attach(b);
    expect(manager.active()).toBe(b);
    inner.dispose();
    expect(manager.active()).toBe(a);
    outer.dispose();
    inner.dispose();
    expect(manager.active()).toBe(ROOT_CONTEXT);
  });

  it("works on the storage of the recordings' scopes; a second instance does not", () => {
    const second = new RecordingContextManager().enable();
    const { contextStorage } = processState();
    expect(manager.with(a, () => contextStorage.getStore())).toBe(a);
    expect(second.with(b, () => contextStorage.getStore())).toBe(undefined);
    second.disable();
    expect(processState().contextManager).toBe(manager);
  });

  it("leaves scopes that are under way when it is disabled", () => {
    manager.with(a, () => {
      manager.disable();
      expect(manager.active()).toBe(a);
    });
  });
});
