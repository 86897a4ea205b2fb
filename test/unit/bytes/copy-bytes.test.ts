import fc from "fast-check";
import { expect, it } from "vitest";
import { copyBytes } from "../../../src/bytes/copy-bytes.ts";

it("copies as `set` does, into shared memory and out of it, however the two are aligned", () => {
  const length = fc.oneof(fc.nat(2000), fc.integer({ min: 60_000, max: 140_000 }));
  const offset = fc.nat(20);
  fc.assert(
    fc.property(length, offset, offset, fc.boolean(), fc.boolean(), (count, from, to, fromShared, toShared) => {
      const memory = (isShared: boolean, size: number) =>
        new Uint8Array(isShared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
      const source = memory(fromShared, from + count + 8).map((_, i) => i * 7 + (i >> 8));
      const bytes = memory(fromShared, source.length);
      bytes.set(source);
      const target = memory(toShared, to + count + 8).fill(255);
      const expected = Uint8Array.from(target);
      expected.set(source.subarray(from, from + count), to);
      copyBytes(target, bytes.subarray(from, from + count), to);
      expect(Buffer.compare(Uint8Array.from(target), expected)).toBe(0);
    }),
    { numRuns: 200 },
  );
});
