import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VARIED } from "../../../src/arrow/builders/list-column.ts";
import type { DataType } from "../../../src/arrow/datatype.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { RerunError } from "../../../src/errors.ts";
import { encodeColumn, encodeComponent, valueEncoder } from "../../../src/pipeline/values/value-encoder.ts";
import type { ComponentSpec } from "../../../src/rrd/component-batch.ts";
import { arbitraryInstance } from "./arbitrary-values.ts";
import { componentDatatypes, otherDatatypes } from "./datatypes.ts";
import { unpack } from "./unpack.ts";

const VEC3: DataType = { kind: "FixedSizeList", size: 3, item: { name: "item", nullable: false, type: "Float32" } };
const VEC2: DataType = { kind: "FixedSizeList", size: 2, item: { name: "item", nullable: false, type: "Float32" } };
const STRIP: DataType = { kind: "List", item: { name: "item", nullable: false, type: VEC2 } };
const BLOB: DataType = { kind: "List", item: { name: "item", nullable: false, type: "UInt8" } };
const RANGE: DataType = {
  kind: "Union",
  mode: "dense",
  fields: [
    { name: "_null_markers", nullable: true, type: "Null", typeId: 0 },
    { name: "Absolute", nullable: false, type: "Int64", typeId: 2 },
    { name: "Infinite", nullable: true, type: "Null", typeId: 3 },
  ],
};
const FORMAT: DataType = {
  kind: "Struct",
  fields: [
    { name: "width", nullable: false, type: "UInt32" },
    { name: "color_model", nullable: true, type: "UInt8" },
  ],
};

function roundTrip(type: DataType, values: unknown): unknown[] {
  const writer = new ByteWriter(8);
  const count = valueEncoder(type)(values, writer);
  return unpack(type, count, writer.written());
}

function failure(run: () => unknown): RerunError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(RerunError);
    return error as RerunError;
  }
  throw new Error("nothing was thrown");
}

describe("any instances of a datatype are encoded as they are", () => {
  it.each([...componentDatatypes(), ...otherDatatypes])("%s", (_, type) => {
    fc.assert(
      fc.property(fc.array(arbitraryInstance(type), { maxLength: 6 }), (instances) => {
        expect(roundTrip(type, instances)).toEqual(instances);
      }),
      { numRuns: 50 },
    );
  });
});

describe("one instance or many", () => {
  it.each<[string, DataType, unknown, unknown[]]>([
    ["a number", "Float64", 1.5, [1.5]],
    ["numbers", "Float64", [1, 2], [1, 2]],
    ["nothing clears", "Float64", [], []],
    ["a typed array of the same type", "Float32", Float32Array.of(1, 2.5), [1, 2.5]],
    ["a part of a typed array", "UInt16", Uint16Array.of(9, 8, 7).subarray(1), [8, 7]],
    ["a typed array of another type", "Float64", Int8Array.of(-1, 2), [-1, 2]],
    [
      "many numbers in an array",
      "Float32",
      Array.from({ length: 100 }, (_, i) => i),
      Array.from({ length: 100 }, (_, i) => i),
    ],
    ["clamped bytes", "UInt8", Uint8ClampedArray.of(255), [255]],
    ["a number for 64 bits", "Int64", -3, [-3n]],
    ["a bigint beyond 2^53", "UInt64", 2n ** 64n - 1n, [2n ** 64n - 1n]],
    ["a text", "Utf8", "a", ["a"]],
    ["texts", "Utf8", ["a", "", "ü✓"], ["a", "", "ü✓"]],
    ["a boolean", "Boolean", true, [true]],
    ["flat numbers of one vector", VEC3, [1, 2, 3], [[1, 2, 3]]],
    [
      "flat numbers of two vectors",
      VEC3,
      Float64Array.of(1, 2, 3, 4, 5, 6),
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      "vectors",
      VEC3,
      [[1, 2, 3], Float32Array.of(4, 5, 6)],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ["a vector by axes", VEC3, { x: 1, y: 2, z: 3 }, [[1, 2, 3]]],
    [
      "vectors by axes",
      VEC2,
      [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["bytes are one list", BLOB, Uint8Array.of(1, 2), [[1, 2]]],
    ["a buffer is one list", BLOB, Uint8Array.of(1, 2).buffer, [[1, 2]]],
    ["lists of bytes", BLOB, [Uint8Array.of(1), new Uint8Array(0)], [[1], []]],
    [
      "points are one strip",
      STRIP,
      [
        [1, 2],
        [3, 4],
      ],
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    [
      "flat points are one strip",
      STRIP,
      Float32Array.of(1, 2, 3, 4),
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    [
      "strips",
      STRIP,
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6]],
      ],
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6]],
      ],
    ],
    [
      "strips of flat points",
      STRIP,
      [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)],
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ],
    ["an object", FORMAT, { width: 3 }, [{ width: 3, color_model: null }]],
    [
      "an object with JavaScript's names",
      FORMAT,
      [{ width: 3, colorModel: 2 }, { width: 4 }],
      [
        { width: 3, color_model: 2 },
        { width: 4, color_model: null },
      ],
    ],
    ["a variant", RANGE, { Absolute: 5 }, [{ Absolute: 5n }]],
    [
      "a variant without a value by its name",
      RANGE,
      ["Infinite", { Infinite: null }, null],
      [{ Infinite: null }, { Infinite: null }, null],
    ],
    ["a date", { kind: "Timestamp" }, new Date(1500), [1_500_000_000n]],
  ])("%s", (_, type, values, expected) => {
    expect(roundTrip(type, values)).toEqual(expected);
  });

  it("lone surrogates become U+FFFD, so that text is well formed", () => {
    expect(roundTrip("Utf8", ["a\ud800b", `${"long ".repeat(20)}\udc00`])).toEqual([
      "a\ufffdb",
      `${"long ".repeat(20)}\ufffd`,
    ]);
  });

  it("typed arrays and dates of another realm are understood", () => {
    const [floats, bytes, date] = runInNewContext("[Float32Array.of(1.5, 2), Uint8Array.of(7).buffer, new Date(2)]");
    expect(roundTrip("Float32", floats)).toEqual([1.5, 2]);
    expect(roundTrip(BLOB, bytes)).toEqual([[7]]);
    expect(roundTrip({ kind: "Timestamp" }, date)).toEqual([2_000_000n]);
  });

  it("numbers go to the nearest half, ties to even", () => {
    const given = [1, 65504, 65519.99, 65520, -1e9, 2 ** -24, 2 ** -25, 1.00048828125, 2049, 2051, -0, Number.NaN];
    const nearest = [1, 65504, 65504, Infinity, -Infinity, 2 ** -24, 0, 1, 2048, 2052, -0, Number.NaN];
    expect(roundTrip("Float16", given)).toEqual(nearest);
  });
});

describe("what does not fit is refused with what was expected and what came", () => {
  it.each<[DataType, unknown, string]>([
    ["Float64", "1", 'expected Float64, got "1"'],
    ["Float32", [1, undefined], "expected Float32, got undefined"],
    ["UInt8", 256, "expected UInt8, got 256 (number)"],
    ["UInt8", Int16Array.of(-1), "expected UInt8, got -1 (number)"],
    ["UInt32", 1.5, "expected UInt32, got 1.5 (number)"],
    ["Int64", 2n ** 63n, "expected Int64, got 9223372036854775808 (bigint)"],
    ["Utf8", 7, "expected Utf8, got 7 (number)"],
    ["Utf8", ["a", null], "expected Utf8, got null"],
    ["Boolean", 1, "expected Boolean, got 1 (number)"],
    [VEC3, [1, 2, 3, 4], "expected FixedSizeList<Float32, 3>, got an array of 4 starting with number"],
    [VEC3, [[1, 2]], "expected FixedSizeList<Float32, 3>, got an array of 2 starting with number"],
    [VEC3, { x: 1, y: 2 }, "expected Float32, got undefined"],
    [BLOB, 5, "expected List<UInt8>, got 5 (number)"],
    [FORMAT, { color_model: 1 }, "width: expected UInt32, got undefined"],
    [FORMAT, "RGB", 'expected Struct{width, color_model}, got "RGB"'],
    [RANGE, { Relative: 1 }, "expected Union{_null_markers, Absolute, Infinite}, got an object with Relative"],
    [RANGE, { Absolute: "x" }, 'Absolute: expected Int64, got "x"'],
  ])("%j ← %o", (type, values, message) => {
    const error = failure(() => roundTrip(type, values));
    expect(error.code).toBe("ERR_RERUN_DATA");
    expect(error.message).toBe(message);
  });
});

describe("encodeComponent", () => {
  const spec = (type: DataType): ComponentSpec => ({ descriptor: { component: "Thing:field" }, type });

  it.each<[DataType, unknown]>([
    ["Float64", 0.5],
    ["Float64", [0.5, 1]],
    ["Utf8", "text"],
    ["Utf8", ["one", "two"]],
    [VEC3, [1, 2, 3]],
  ])("writes the count and the packed values of %j ← %j", (type, values) => {
    const writer = new ByteWriter();
    encodeComponent(spec(type), values, writer);
    const expected = new ByteWriter();
    expected.u32(0);
    expected.patchU32(0, valueEncoder(type)(values, expected));
    expect(writer.written()).toEqual(expected.written());
  });

  it("leaves the writer where it was and names the component when a value does not fit", () => {
    const writer = new ByteWriter();
    writer.u32(7);
    const error = failure(() =>
      encodeComponent(
        spec(VEC3),
        [
          [1, 2, 3],
          ["x", 1, 2],
        ],
        writer,
      ),
    );
    expect(error.message).toBe('Thing:field: expected Float32, got "x"');
    expect(writer.position).toBe(4);
  });

  it("applies what the component accepts", () => {
    const writer = new ByteWriter();
    encodeComponent({ ...spec("UInt8"), accept: () => [4, 5] }, "whatever", writer);
    expect(unpack("UInt8", 2, writer.written().subarray(4))).toEqual([4, 5]);
  });
});

describe("encodeColumn", () => {
  const spec: ComponentSpec = { descriptor: { component: "Thing:field" }, type: "Float64" };

  it("says once that each row has one instance when not partitioned", () => {
    const writer = new ByteWriter();
    encodeColumn({ spec, lengths: undefined, values: [5, 6] }, 2, writer);
    expect(unpack("UInt32", 2, writer.written().slice(0, 8))).toEqual([1, 0]);
    expect(unpack("Float64", 2, writer.written().slice(8))).toEqual([5, 6]);
  });

  it("writes the lengths of a partition", () => {
    const writer = new ByteWriter();
    encodeColumn({ spec, lengths: Uint32Array.of(0, 2, 1), values: Float64Array.of(5, 6, 7) }, 3, writer);
    expect(unpack("UInt32", 4, writer.written().slice(0, 16))).toEqual([VARIED, 0, 2, 1]);
    expect(unpack("Float64", 3, writer.written().slice(16))).toEqual([5, 6, 7]);
  });

  it.each([
    [undefined, [1, 2, 3], "Thing:field: 3 instances were given, one for each of 2 rows"],
    [Uint32Array.of(1, 1), [1, 2, 3], "Thing:field: 3 instances were given, the lengths add up to 2"],
    [Uint32Array.of(3), [1, 2, 3], "Thing:field: partitioned into 1 rows, but the time columns have 2"],
  ])("refuses lengths %o for %j", (lengths, values, message) => {
    const writer = new ByteWriter();
    expect(failure(() => encodeColumn({ spec, lengths, values }, 2, writer)).message).toBe(message);
    expect(writer.position).toBe(0);
  });
});
