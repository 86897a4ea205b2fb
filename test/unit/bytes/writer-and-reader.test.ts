import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { putVarint } from "../../../src/bytes/varint.ts";

type Part =
  | { readonly type: "u8" | "u16" | "u32" | "f32" | "f64"; readonly value: number }
  | { readonly type: "i64"; readonly value: bigint }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "raw"; readonly value: Uint8Array }
  | { readonly type: "align"; readonly value: number };

const part = <T extends Part["type"]>(type: T, value: fc.Arbitrary<Part["value"]>): fc.Arbitrary<Part> =>
  value.map((of) => ({ type, value: of }) as Part);

const parts = fc.array(
  fc.oneof(
    part("u8", fc.nat(0xff)),
    part("u16", fc.nat(0xffff)),
    part("u32", fc.integer({ min: 0, max: 0xffff_ffff })),
    part("f32", fc.float()),
    part("f64", fc.double()),
    part("i64", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    part("string", fc.string({ unit: "grapheme" })),
    part("raw", fc.uint8Array()),
    part("align", fc.constantFrom(1, 2, 4, 8)),
  ),
);

function put(writer: ByteWriter, { type, value }: Part): void {
  (writer[type] as (value: unknown) => void).call(writer, value);
}

describe("ByteReader", () => {
  it("reads what ByteWriter wrote, whatever the first capacity", () => {
    fc.assert(
      fc.property(parts, fc.nat(100), (all, capacity) => {
        const writer = new ByteWriter(capacity);
        for (const one of all) put(writer, one);
        const reader = new ByteReader(writer.written());
        for (const { type, value } of all) {
          if (type === "align") reader.align(value);
          else if (type === "raw") expect(reader.raw(value.length)).toEqual(value);
          else expect(reader[type]()).toEqual(value);
        }
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it("throws a RangeError at the end, and reads nothing of its neighbours", () => {
    const reader = new ByteReader(new Uint8Array(8).subarray(0, 3));
    for (const read of [() => reader.u32(), () => reader.raw(4), () => reader.i64()]) expect(read).toThrow(RangeError);
    expect(reader.position).toBe(0);
  });
});

describe("ByteWriter", () => {
  it("replaces half a surrogate pair", () => {
    const writer = new ByteWriter(1);
    writer.string("a\ud800");
    expect(new ByteReader(writer.written()).string()).toBe("a\ufffd");
  });

  it("patches what was written before, and keeps its memory over a reset", () => {
    const writer = new ByteWriter(4);
    writer.u32(0);
    writer.f64(0.5);
    writer.patchU32(0, 7);
    expect([new ByteReader(writer.written()).u32(), writer.f64At(4)]).toEqual([7, 0.5]);
    const { bytes } = writer;
    writer.reset();
    writer.raw(new Uint8Array(12));
    expect(writer.bytes).toBe(bytes);
    expect(writer.written(10)).toHaveLength(2);
  });
});

describe("varints", () => {
  it("are those of the protobuf library", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const writer = new ByteWriter(1);
        putVarint(writer, value);
        expect(writer.written()).toEqual(new BinaryWriter().uint64(value).finish());
        expect(Number(new BinaryReader(writer.written()).uint64())).toBe(value);
      }),
      { examples: [[0], [127], [128], [2 ** 32 - 1], [2 ** 32], [Number.MAX_SAFE_INTEGER]] },
    );
  });
});
