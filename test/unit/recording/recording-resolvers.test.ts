import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { clsResolver } from "../../../src/otel/context/cls-resolver.ts";
import { getDataRecording } from "../../../src/recording/context/active-recording.ts";
import { addRecordingResolver } from "../../../src/recording/context/recording-resolvers.ts";
import {
  contextWithDefaultRecording,
  contextWithRecording,
  recordingForContext,
} from "../../../src/recording/context/scope.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";

const [global, scoped, resolved, later] = Array.from({ length: 4 }, () => new RecordingStream("shop"));
const added: Disposable[] = [];
const add = (resolver: () => RecordingStream | undefined) => added.push(addRecordingResolver(resolver));

afterEach(() => {
  for (const one of added.splice(0)) one[Symbol.dispose]();
  processState().globalRecording = undefined;
});

describe("resolvers of the active recording", () => {
  it("explicit, scope, resolvers in their order, global", () => {
    processState().globalRecording = global;
    expect(getDataRecording()).toBe(global);
    let answer: RecordingStream | undefined;
    add(() => answer);
    add(() => later);
    expect(getDataRecording()).toBe(later);
    answer = resolved;
    expect(getDataRecording()).toBe(resolved);
    expect(scoped?.with(() => getDataRecording())).toBe(scoped);
    expect(getDataRecording(global)).toBe(global);
  });

  it("come before the recording that a request has because nobody chose one", () => {
    const base = contextWithDefaultRecording(ROOT_CONTEXT, global as RecordingStream);
    expect(recordingForContext(base)).toBe(global);
    add(() => resolved);
    expect(recordingForContext(base)).toBe(resolved);
    expect(recordingForContext(contextWithRecording(base, scoped as RecordingStream))).toBe(scoped);
    expect(recordingForContext(context.active())).toBe(resolved);
  });

  it("that throw count as no answer (I1), and those taken away are not asked", () => {
    processState().globalRecording = global;
    add(() => {
      throw new Error("no");
    });
    expect(getDataRecording()).toBe(global);
    const one = addRecordingResolver(() => resolved);
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect(getDataRecording()).toBe(global);
  });
});

describe("clsResolver", () => {
  it("needs no namespace to exist, takes recordings as they are, and ignores other values", () => {
    const values = new Map<string, unknown>();
    const namespace = {
      active: null,
      get: (key: string) => values.get(key),
      createContext: Object,
      enter() {},
      exit() {},
    };
    const resolver = clsResolver({ namespace, key: "recording" });
    expect(clsResolver({ namespace: "nowhere", key: "recording" })()).toBe(undefined);
    expect(resolver()).toBe(undefined);
    values.set("recording", resolved);
    expect(resolver()).toBe(resolved);
    values.set("recording", "red");
    expect(resolver()).toBe(undefined);
    expect(clsResolver({ namespace, key: "recording", recordingOf: () => later })()).toBe(later);
  });

  it("refuses to be made without namespace or key", () => {
    for (const options of [
      { namespace: "", key: "a" },
      { namespace: "a", key: "" },
    ]) {
      expect(() => clsResolver(options)).toThrowError(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
    }
  });
});
