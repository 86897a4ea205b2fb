import { describe, expect, it } from "vitest";
import { anyValues, dynamicArchetype } from "../../../src/archetypes/index.ts";
import { SpecTable } from "../../../src/archetypes/spec-table.ts";
import { instances } from "./instances.ts";

function types(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    anyValues(fields)
      .asComponentBatches()
      .map(({ spec }) => [spec.descriptor.component, spec.type]),
  );
}

describe("anyValues", () => {
  it("names components by the field alone", () => {
    expect(anyValues({ "http.route": "/" }).asComponentBatches()[0]?.spec.descriptor).toEqual({
      component: "http.route",
    });
  });

  it.each<[unknown, string, unknown[]]>([
    ["text", "Utf8", ["text"]],
    [true, "Boolean", [true]],
    [7, "Int64", [7n]],
    [0.5, "Float64", [0.5]],
    [1e300, "Float64", [1e300]],
    [Number.NaN, "Float64", [Number.NaN]],
    [2n ** 63n, "UInt64", [2n ** 63n]],
    [2n ** 70n, "Utf8", ["1180591620717411303424"]],
    [["a", "b"], "Utf8", ["a", "b"]],
    [[1, 2], "Int64", [1n, 2n]],
    [[1, 2.5], "Float64", [1, 2.5]],
    [[false], "Boolean", [false]],
    [Int16Array.of(-1, 1), "Int16", [-1, 1]],
    [Uint8ClampedArray.of(3), "UInt8", [3]],
    [["a", 1], "Utf8", ['["a",1]']],
    [[], "Utf8", ["[]"]],
    [{ a: { b: 1n } }, "Utf8", ['{"a":{"b":"1"}}']],
  ])("infers of %o the type %s", (value, type, expected) => {
    expect(types({ key: value })).toEqual({ key: type });
    expect(instances(anyValues({ key: value }))).toEqual({ key: expected });
  });

  it("leaves out undefined, null and functions", () => {
    expect(anyValues({ a: undefined, b: null, c: () => 1 }).asComponentBatches()).toEqual([]);
  });

  it("takes a value that JSON cannot hold", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(instances(anyValues({ cycle }))).toEqual({ cycle: ["[object Object]"] });
  });

  it("takes the type it is told", () => {
    expect(instances(anyValues({ load: 1 }, { types: { load: "Float32" } }))).toEqual({ load: [1] });
    expect(anyValues({ load: 1 }, { types: { load: "Float32" } }).asComponentBatches()[0]?.spec.type).toBe("Float32");
  });

  it("has no type for fields named like members of every object", () => {
    expect(types({ constructor: 1 })).toEqual({ constructor: "Int64" });
  });
});

describe("dynamicArchetype", () => {
  it("names components by archetype and field", () => {
    const [batch] = dynamicArchetype("Span", { name: "GET /" }).asComponentBatches();
    expect(batch?.spec).toEqual({ descriptor: { archetype: "Span", component: "Span:name" }, type: "Utf8" });
  });

  it("uses one spec for the same archetype, field and type", () => {
    const spec = (value: unknown) => dynamicArchetype("Span", { kind: value }).asComponentBatches()[0]?.spec;
    expect(spec("a")).toBe(spec("b"));
    expect(spec("a")).not.toBe(spec(1));
  });
});

describe("SpecTable", () => {
  it("I7: holds at most its limit, whatever the keys", () => {
    const table = new SpecTable(10);
    for (let i = 0; i < 1000; i++) {
      table.intern("A", `key${i}`, "Utf8");
      expect(table.size).toBeLessThanOrEqual(10);
    }
  });

  it("tells the archetype apart from none", () => {
    const table = new SpecTable();
    expect(table.intern(undefined, "a", "Utf8").descriptor).toEqual({ component: "a" });
    expect(table.intern("A", "a", "Utf8").descriptor).toEqual({ archetype: "A", component: "A:a" });
  });
});
