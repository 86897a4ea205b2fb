import { describe, expect, it } from "vitest";
import { AnyValues, type AnyValuesOptions } from "../../../src/archetypes/any-values.ts";
import { anyValues, dynamicArchetype } from "../../../src/archetypes/index.ts";
import { SpecTable } from "../../../src/archetypes/spec-table.ts";
import { RecordingStream, timeColumn } from "../../../src/index.ts";
import { openRrd } from "../../../src/reader.ts";
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

  it("reports a misspelt option by the row", () => {
    const values = anyValues({ load: 1 }, { type: { load: "Float64" } } as AnyValuesOptions);
    expect(() => instances(values)).toThrow('anyValues has no option "type"; did you mean types?');
    expect(() => instances(dynamicArchetype("job", {}, null as unknown as AnyValuesOptions))).not.toThrow();
  });

  it("a field may change its type from row to row: nothing is fixed by the first", () => {
    expect(["a", 1, 0.5, true].map((value) => types({ key: value }).key)).toEqual([
      "Utf8",
      "Int64",
      "Float64",
      "Boolean",
    ]);
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

describe("AnyValues.columns", () => {
  const columns = (fields: Record<string, unknown>, ...rest: [AnyValuesOptions?, string?]) =>
    [...AnyValues.columns(fields, ...rest)].map(({ spec, lengths, values }) => [
      spec.descriptor.component,
      spec.type,
      lengths && [...lengths],
      [...(values as Iterable<unknown>)],
    ]);

  it.each<[unknown, unknown[]]>([
    [
      [1, 2, 3],
      ["Int64", undefined, [1, 2, 3]],
    ],
    [
      [1, 2.5],
      ["Float64", undefined, [1, 2.5]],
    ],
    [Float32Array.of(1, 2), ["Float32", undefined, [1, 2]]],
    [
      ["a", "b"],
      ["Utf8", undefined, ["a", "b"]],
    ],
    [
      [1n, 2n ** 63n],
      ["UInt64", undefined, [1n, 2n ** 63n]],
    ],
    [
      [[1, 2], [], [3]],
      ["Int64", [2, 0, 1], [1, 2, 3]],
    ],
    [
      [Uint8Array.of(1, 2), Uint8Array.of(3)],
      ["UInt8", [2, 1], [1, 2, 3]],
    ],
    [
      ["a", null, "b"],
      ["Utf8", [1, 0, 1], ["a", "b"]],
    ],
    [
      ["a", 1, { b: 2 }],
      ["Utf8", undefined, ["a", "1", '{"b":2}']],
    ],
  ])("%o", (rows, expected) => {
    expect(columns({ key: rows })).toEqual([["key", ...expected]]);
  });

  it("leaves out what has no type, takes the type it is told, and is named by its archetype", () => {
    expect(columns({ a: [], b: [null], c: null, d: undefined })).toEqual([]);
    expect(columns({ a: [null, 1] }, { types: { a: "Float32" } }, "Job")).toEqual([["Job:a", "Float32", [0, 1], [1]]]);
  });

  it("a field that is no array is a typed error", () => {
    expect(() => columns({ a: 7 })).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
  });

  it("are sent as rows (C17)", async () => {
    const rec = new RecordingStream("any");
    const memory = rec.memoryRecording();
    rec.sendColumns("a", {
      indexes: [timeColumn("frame", { sequence: [1, 2, 3] })],
      columns: [AnyValues.columns({ name: ["x", null, "z"], sizes: [[1], [2, 3], []] }, {}, "Job")],
    });
    const found: Record<string, unknown[]> = {};
    for await (const { entityPath, numRows, components } of (await openRrd(memory.drainAsBytes())).chunks()) {
      if (entityPath !== "/a") continue;
      for (const column of components) {
        found[column.component] = Array.from({ length: numRows }, (_, row) => [...(column.get(row) ?? [])]);
      }
    }
    await rec.shutdown();
    expect(found).toEqual({ "Job:name": [["x"], [], ["z"]], "Job:sizes": [[1n], [2n, 3n], []] });
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
