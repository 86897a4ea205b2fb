import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressBlock, decompressBlock } from "../../../src/bytes/lz4.ts";
import { describeWithOracle, runScript } from "../../oracle.ts";

const compress = (bytes: Uint8Array): Uint8Array =>
  compressBlock(
    bytes.length,
    (target) => target.set(bytes),
    (block) => block.slice(),
  );

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const repetitive = fc
  .tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 0, max: 400 }), fc.uint8Array({ maxLength: 300 }))
  .map(([part, times, tail]) => Uint8Array.from([...Array.from({ length: times }, () => [...part]).flat(), ...tail]));

describe("LZ4 blocks", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 1000 }), repetitive), (bytes) => {
        expect(hex(decompressBlock(compress(bytes), bytes.length))).toBe(hex(bytes));
      }),
    );
  });

  it("survive that the module's memory grows in the middle", () => {
    const bytes = new Uint8Array(20 << 20).map((_, at) => at * at);
    expect(Buffer.compare(decompressBlock(compress(bytes), bytes.length), bytes)).toBe(0);
  });

  it("reads a block that was made by hand: literals, an overlapping match, literals", () => {
    // token 1|7: "a", 11 bytes from 1 back; token 5|0: the last literals
    const block = Uint8Array.of(0x17, 0x61, 1, 0, 0x50, ...Buffer.from("bcdef"));
    expect(Buffer.from(decompressBlock(block, 17)).toString()).toBe("aaaaaaaaaaaabcdef");
  });

  it("leaves the error of its caller alone and works on", () => {
    const fail = () => {
      throw new Error("mine");
    };
    expect(() => compressBlock(10, fail, () => {})).toThrow("mine");
    expect(() => compressBlock(10, () => {}, fail)).toThrow("mine");
    expect(compress(new Uint8Array(10))).toBeInstanceOf(Uint8Array);
  });

  it.each([
    ["a size that no block of that length has (I8)", Uint8Array.of(0x10, 1), 1 << 20],
    ["another size than announced", Uint8Array.of(0x20, 1, 2), 3],
    ["a match before the beginning", Uint8Array.of(0x14, 1, 9, 0, 0x50, 1, 2, 3, 4, 5), 14],
    ["a block that breaks off", Uint8Array.of(0xf0), 20],
  ])("refuses %s", (_, block, size) => {
    expect(() => decompressBlock(block, size)).toThrow(expect.objectContaining({ code: "ERR_RERUN_FORMAT" }));
  });
});

describeWithOracle("LZ4 blocks and those of Arrow's C++ library", () => {
  it("are read by each other", () => {
    const samples = fc.sample(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3000 }), repetitive), 100);
    const plain = samples.filter(({ length }) => length > 0);
    const theirs = runScript<[string, string][]>(
      "lz4.py",
      plain.map((bytes) => [hex(bytes), hex(compress(bytes))]),
    );
    for (const [at, bytes] of plain.entries()) {
      const [ours, block] = theirs[at] ?? ["", ""];
      expect(ours).toBe(hex(bytes));
      expect(hex(decompressBlock(Buffer.from(block, "hex"), bytes.length))).toBe(hex(bytes));
    }
  });
});
