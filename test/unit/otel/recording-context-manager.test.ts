import { EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import { type ContextManager, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RecordingContextManager } from "../../../src/otel/context/recording-context-manager.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { behavesAsContextManager } from "../../context-manager-behaviours.ts";

const KEY = createContextKey("test");
const context = (value: string) => ROOT_CONTEXT.setValue(KEY, value);
const a = context("a");
const b = context("b");

// Upstream's manager beside ours: what we expect is what it does.
const managers: [string, () => ContextManager][] = [
  ["RecordingContextManager", () => new RecordingContextManager()],
  ["upstream's AsyncLocalStorageContextManager", () => new AsyncLocalStorageContextManager()],
];

describe.each(managers)("%s", (_name, create) => behavesAsContextManager(create, { createContextKey, ROOT_CONTEXT }));

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
