import { describe, expect, expectTypeOf, it } from "vitest";
import * as free from "../../../src/recording/free-functions.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";

/** Free functions that are called differently than their methods, because a word or the recording comes first. */
interface Renamed {
  with: "withRecording";
  activate: "activateRecording";
}
/** What belongs to the object: how others see it, or what a provider calls. */
type OnlyMethods = "toString" | "export" | "forceFlush";

type Methods = {
  [K in keyof RecordingStream]: K extends string
    ? RecordingStream[K] extends (...args: never[]) => unknown
      ? K
      : never
    : never;
}[keyof RecordingStream];
type Expected = Exclude<Methods, OnlyMethods | keyof Renamed> | Renamed[keyof Renamed];

/** The last parameter of every free function that is not renamed can name a recording. */
type TakesRecording<F> = F extends (...args: infer Args) => unknown
  ? Required<Args> extends [...unknown[], infer Last]
    ? "recording" extends keyof Last
      ? true
      : false
    : false
  : false;

describe("free functions and methods (S6)", () => {
  it("are the same lists, for the compiler", () => {
    expectTypeOf<keyof typeof free>().toEqualTypeOf<Expected>();
    type Deaf = {
      [K in Exclude<keyof typeof free, Renamed[keyof Renamed] | "span">]: TakesRecording<(typeof free)[K]> extends true
        ? never
        : K;
    }[Exclude<keyof typeof free, Renamed[keyof Renamed] | "span">];
    expectTypeOf<Deaf>().toEqualTypeOf<never>();
  });

  it("are the same lists, at run time", () => {
    const onlyMethods = new Set(["constructor", "toString", "export", "forceFlush"]);
    const renamed: Record<string, string> = { with: "withRecording", activate: "activateRecording" };
    const { prototype } = RecordingStream;
    const methods = Object.getOwnPropertyNames(prototype)
      .filter((name) => typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === "function")
      .filter((name) => !onlyMethods.has(name))
      .map((name) => renamed[name] ?? name);
    expect(Object.keys(free).sort()).toEqual(methods.sort());
  });
});
