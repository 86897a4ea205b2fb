import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Findings, findings } from "./cases.ts";

const { plain, sdk1, sdk2, sdk3 } = inject("consumers");

describe.each([
  ["without any OpenTelemetry set-up", plain, "0"],
  ["under the context manager of SDK 1, which has no attach", sdk1, "1"],
  ["under the context manager of SDK 2", sdk2, "1"],
  ["under the context manager of SDK 2, without attach", sdk2, "2"],
  ["under the context manager of SDK 3", sdk3, "1"],
  ["under the context manager of SDK 3, without attach", sdk3, "2"],
])("scopes %s", (_, consumer, manager) => {
  let run: Findings;
  const found = (name: string) => run.found[name];
  beforeAll(async () => {
    run = await findings(consumer, "scopes", { MANAGER: manager });
  });

  it("C23 a thousand interleaved async scopes never see each other's recording (I6)", () => {
    if (manager !== "0") expect(found("registered")).toBe(true);
    if (manager !== "0") expect(found("attaches")).toBe(manager === "1" && consumer !== sdk1);
    expect(found("strangers")).toBe(0);
    const texts = found("texts") as string[][][];
    texts.forEach((rows, i) => {
      expect(rows).toHaveLength(300);
      expect(new Set(rows.flat()).size).toBe(300);
      for (const [text] of rows) expect(text).toMatch(new RegExp(`^r${i} `));
    });
  });

  it("C24 scopes nest, also in themselves, are re-entered, survive a throw and a double dispose", () => {
    expect(found("nested")).toEqual(["a", "a", "a", "none"]);
    expect(found("disposed")).toEqual(["c", "a", "none"]);
    expect(found("reentered")).toEqual(["a", "b", "none"]);
    expect(found("strangersInReentry")).toBe(0);
    expect(found("throughContext")).toBe("a");
    expect(found("awaited")).toBe("b");
    expect(found("after")).toBe("none");
  });

  it("C25 generators, async generators, emitters and functions that are bound, and recorded jobs", () => {
    expect(found("listener")).toBe("a");
    expect(found("generator")).toEqual(["a", "b", "a", "none", "end"]);
    expect(found("asyncGenerator")).toEqual(["a", "none", "a", "none"]);
    expect(found("function")).toBe("a");
    expect(found("recorded")).toEqual([...Array(6).fill("job"), "done", "done"]);
    expect(found("recordedRows")).toEqual([
      [[0], [1], [2]],
      [[0], [1], [2]],
    ]);
  });
});
