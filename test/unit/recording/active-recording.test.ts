import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { beforeEach, describe, expect, it } from "vitest";
import {
  getDataRecording,
  getGlobalDataRecording,
  getThreadLocalDataRecording,
  setGlobalDataRecording,
  setThreadLocalDataRecording,
} from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { useFakeTransport } from "./fake-transport.ts";

beforeEach(() => {
  useFakeTransport();
});

describe("the active recording (C01)", () => {
  it("is the explicit one, else the scope's, the thread's, the global one, or none", () => {
    const [explicit, scoped, thread, global] = ["explicit", "scoped", "thread", "global"].map(
      (name) => new RecordingStream(name),
    ) as [RecordingStream, RecordingStream, RecordingStream, RecordingStream];
    expect(getDataRecording()).toBeUndefined();
    setGlobalDataRecording(global);
    expect(getDataRecording()).toBe(global);
    setThreadLocalDataRecording(thread);
    expect(getDataRecording()).toBe(thread);
    scoped.with(() => {
      expect(getDataRecording()).toBe(scoped);
      expect(getDataRecording(explicit)).toBe(explicit);
    });
    expect(getDataRecording()).toBe(thread);
  });

  it("setters return what was there, and clear with undefined", () => {
    const rec = new RecordingStream("a", { makeGlobal: true, makeThreadDefault: true });
    expect(getGlobalDataRecording()).toBe(rec);
    expect(getThreadLocalDataRecording()).toBe(rec);
    expect(setGlobalDataRecording(undefined)).toBe(rec);
    expect(setThreadLocalDataRecording(undefined)).toBe(rec);
    expect(getGlobalDataRecording()).toBeUndefined();
    expect(getDataRecording()).toBeUndefined();
  });

  it("does not throw when a foreign context manager does (I1)", () => {
    const rec = new RecordingStream("a", { makeGlobal: true });
    const broken = {
      active: () => {
        throw new Error("broken");
      },
      with: (_: unknown, fn: () => unknown) => fn(),
      bind: (_: unknown, target: unknown) => target,
      enable: () => broken,
      disable: () => broken,
    };
    context.setGlobalContextManager(broken as never);
    try {
      expect(getDataRecording()).toBe(rec);
    } finally {
      context.disable();
    }
    expect(context.active()).toBe(ROOT_CONTEXT);
  });
});
