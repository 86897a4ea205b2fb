import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Findings, findings } from "./cases.ts";

const lineOf = (marker: string): number =>
  readFileSync(new URL("./logging.mjs", import.meta.url), "utf8")
    .split("\n")
    .findIndex((line) => line.endsWith(marker)) + 1;
const parts = [
  ...new Set(fc.sample(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { numRuns: 150, seed: 18 })),
];

describe("rows", () => {
  let run: Findings;
  const found = (name: string) => run.found[name];
  beforeAll(async () => {
    run = await findings(inject("consumers").plain, "logging", { PARTS: JSON.stringify(parts) });
  });

  it("C14 non-strict: one warning at the user's line, one row in __warnings, and the rest of the row is kept", () => {
    const line = new RegExp(`logging\\.mjs:${lineOf("// the line of C14")}:`);
    expect(found("lenient")).toEqual([expect.stringMatching(line)]);
    expect(found("lenientRows")).toEqual([[], [], []]);
    expect(found("lenientRadii")).toEqual([[2], [2], [2]]);
    expect(found("warningRows")).toEqual([expect.stringContaining("Points3D")]);
  });

  it("C14 strict: the call beats the stream, that setStrictMode, and that RERUN_STRICT", () => {
    const [data, none] = ["ERR_RERUN_DATA", "none"];
    expect(found("precedence")).toEqual([data, data, none, data, none, data, none]);
    expect(found("tried")).toBe(data);
  });

  it("C15 a time is of exactly one kind, and numbers are guarded", () => {
    const wrong = Object.entries(found("wrongTimes") as Record<string, string>);
    expect(wrong.filter(([, code]) => code !== "ERR_RERUN_TIMELINE")).toEqual([]);
    expect(wrong).toHaveLength(11);
    expect(found("emptyTimeline")).toBe("ERR_RERUN_TIMELINE");
  });

  it("C15 milliseconds passed as seconds are refused with a message that names Date", () => {
    expect(found("milliseconds")).toMatch(/milliseconds\? Pass new Date\(/);
  });

  it("C15 a type that changes warns once and the latest counts; static drops times but ticks", () => {
    expect(found("typeChange")).toEqual([expect.stringContaining('"kind" was a sequence and is a duration')]);
    const kind = { kind: ["1000000000"], lowest: [String(-(2n ** 63n) + 1n)] };
    expect(found("kinds")).toEqual([
      { entity: "/timed", isStatic: false, times: kind, type: "duration", hasLogTime: true },
      { entity: "/static", isStatic: true, times: {}, hasLogTime: false },
      { entity: "/ticked", isStatic: false, times: { ...kind, log_tick: ["3"] }, type: "duration", hasLogTime: true },
    ]); // tick 0 was the row of the warning
  });

  it("C15 of the timelines a-b and a_b the second is refused with a warning, and the row is kept", () => {
    expect(found("twins")).toEqual([expect.stringContaining("a_b")]);
    expect(found("twinTimes")).toEqual([[["1"], null]]);
  });

  it("C16 log_time is on, log_tick off, and both can be switched at run time", () => {
    expect(found("automatic")).toMatchObject({
      "/default": ["log_time"],
      "/both": ["log_tick", "log_time"],
      "/tick": ["log_tick"],
      "/frame": ["frame"],
    });
  });

  it("C35 no accidental static rows: without any time a row gets log_time and a warning", () => {
    expect(found("automatic")).toMatchObject({ "/neither": ["log_time"] });
    expect(found("withoutTime")).toEqual([expect.stringContaining("a row of neither has no time")]);
    expect(found("withoutTimeStrict")).toBe("ERR_RERUN_TIMELINE");
  });

  it("C17 columns have equal lengths, and no time is injected", () => {
    const [argument, timeline] = ["ERR_RERUN_ARGUMENT", "ERR_RERUN_TIMELINE"];
    expect(found("unequal")).toEqual([expect.stringMatching(/^ERR_RERUN_/), argument, argument, timeline, timeline]);
    expect([found("equal"), found("staticColumns")]).toEqual(["none", "none"]);
    expect(found("columnChunks")).toEqual([
      { rows: 3, times: { frame: ["1", "2", "3"] }, isStatic: false },
      { rows: 1, times: {}, isStatic: true },
    ]);
  });

  it("C18 every Unicode part comes back from its escaped path", () => {
    const pairs = found("parts") as [string, string][];
    expect(pairs.map(([part]) => part).sort()).toEqual([...parts].sort());
    for (const [part, text] of pairs) expect(part).toBe(text);
  });

  it("C22 a blueprint is activated after all its chunks; what is none is refused", () => {
    const kinds = found("blueprint") as string[];
    expect(kinds[0]).toBe("store-info");
    expect(kinds.at(-1)).toBe("activation");
    expect(kinds.filter((kind) => kind === "activation")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "arrow").length).toBeGreaterThan(1);
    expect(found("notABlueprint")).toBe("ERR_RERUN_ARGUMENT");
  });
});
