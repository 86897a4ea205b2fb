import { describe, expect, it } from "vitest";
import { normalizeApplicationId } from "../../../src/rrd/application-id.ts";

describe("normalizeApplicationId", () => {
  it.each(["shop", "shop demo", "shop requests", "a_b-c [d]:e", "x".repeat(180)])("leaves %j alone", (id) =>
    expect(normalizeApplicationId(id)).toBe(id),
  );

  // as rerun-sdk 0.41.0 normalises them
  it.each([
    ["my.app", "my-appc742"],
    ["a/b", "a-b5aae"],
  ])("makes %j to %j", (id, expected) => expect(normalizeApplicationId(id)).toBe(expected));

  it("cuts what is too long and keeps the difference in the hash", () => {
    const [a, b] = [normalizeApplicationId(`${"x".repeat(200)}a`), normalizeApplicationId(`${"x".repeat(200)}b`)];
    expect([a.length, b.length]).toEqual([180, 180]);
    expect(a).not.toBe(b);
  });

  it("replaces a character once, however many code units it has", () => {
    expect(normalizeApplicationId("a😀b")).toMatch(/^a-b[0-9a-f]{4}$/);
  });

  it.each(["", undefined, 7])("refuses %j (C05)", (id) => {
    expect(() => normalizeApplicationId(id as string)).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_APPLICATION_ID" }),
    );
  });
});
