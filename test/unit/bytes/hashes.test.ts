import { createHash } from "node:crypto";
import fc from "fast-check";
import { xxHash32 as oracle } from "js-xxhash";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src/bytes/sha256.ts";
import { xxHash32, xxHash64 } from "../../../src/bytes/xxhash.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("xxHash64", () => {
  // values of the reference implementation
  it.each([
    ["", 0xef46db3751d8e999n],
    ["a", 0xd24ec4f1a98c6e5bn],
    ["abc", 0x44bc2cf5ad770999n],
    ["Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1n],
  ])("of %j", (text, expected) => expect(xxHash64(bytesOf(text))).toBe(expected));

  it("does not depend on where the bytes stand in memory", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, at) => {
        const shifted = new Uint8Array(at + bytes.length);
        shifted.set(bytes, at);
        expect(xxHash64(shifted.subarray(at))).toBe(xxHash64(bytes));
      }),
    );
  });
});

it("xxHash32 is that of the specification", () => {
  expect([xxHash32(bytesOf(""), 0), xxHash32(bytesOf("abc"), 0)]).toEqual([0x02cc5d05, 0x32d153ff]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 0, max: 0xffffffff }), (bytes, seed) => {
      expect(xxHash32(bytes, seed)).toBe(oracle(bytes, seed));
    }),
  );
});

it("sha256 is that of node:crypto, around the block size too", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
    }),
    { examples: [0, 1, 55, 56, 63, 64, 65, 119, 120, 128].map((length) => [new Uint8Array(length)]) },
  );
});
