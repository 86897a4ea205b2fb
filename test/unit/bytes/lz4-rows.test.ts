import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressBlock, decompressBlock } from "../../../src/bytes/lz4.ts";
import { lastSequence } from "../../../src/bytes/lz4-block.ts";
import type { FixedRows } from "../../../src/bytes/lz4-rows.ts";

const HEAD = 2048;
const REST = 4000;

/** A payload of a head, columns of rows and a rest, with the columns pointed out or not. */
function compressed(payload: Uint8Array, rows: readonly FixedRows[]): Uint8Array {
  return compressBlock(
    payload.length,
    (target) => target.set(payload),
    (...parts) => new Uint8Array(Buffer.concat(parts)),
    rows,
  );
}

/** Columns of one count, each given by the bytes of its rows. */
function payloadOf(count: number, columns: readonly { width: 8 | 16; row: (no: number) => Uint8Array }[]) {
  const head = Uint8Array.from({ length: HEAD }, (_, i) => (i % 61) ^ (i >> 5));
  const rest = Uint8Array.from({ length: REST }, (_, i) => (i * i * 31) >> 3);
  const parts: Uint8Array[] = [head];
  const rows: FixedRows[] = [];
  let at = HEAD;
  for (const { width, row } of columns) {
    rows.push({ at, width, count });
    for (let no = 0; no < count; no++) parts.push(row(no));
    at += width * count;
  }
  return { payload: new Uint8Array(Buffer.concat([...parts, rest])), rows };
}

const id = (high: bigint, low: bigint) => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, high);
  new DataView(bytes.buffer).setBigUint64(8, BigInt.asUintN(64, low));
  return bytes;
};

const time = (value: bigint) => new Uint8Array(BigInt64Array.of(value).buffer);

const IDS = { width: 16 as const, row: (no: number) => id(0x18_7654_3210_fedcn, BigInt(no) + 250n) };
const FRAMES = { width: 8 as const, row: (no: number) => time(BigInt(no) - 300n) };
const NANOS = { width: 8 as const, row: (no: number) => time(1_790_000_000_000_000_000n + BigInt(no) * 1_000_003n) };
const SAME = { width: 8 as const, row: () => time(7n) };
const NOISE = {
  width: 8 as const,
  row: (no: number) => time(BigInt.asIntN(64, BigInt(no + 1) * 0x9e37_79b9_7f4a_7c15n)),
};

describe("row ids and times in an LZ4 block", () => {
  it.each([
    ["ids and frames", [IDS, FRAMES]],
    ["ids and two timelines", [IDS, NANOS, FRAMES]],
    ["ids alone", [IDS]],
    ["a time that stands still", [IDS, SAME]],
    ["times without order", [IDS, NOISE, FRAMES]],
    ["noise last", [IDS, NOISE]],
  ])("are read back by the library, and are as short: %s", (_, columns) => {
    for (const count of [1, 2, 64, 65, 1000, 20_000]) {
      const { payload, rows } = payloadOf(count, columns);
      const block = compressed(payload, rows);
      expect(Buffer.compare(decompressBlock(block, payload.length), payload)).toBe(0);
      expect(lastSequence(block)).toBeDefined();
      expect(block.length).toBeLessThan(compressed(payload, []).length * 1.02 + 20);
    }
  });

  it("whatever the rows are", () => {
    const byte = fc.oneof(fc.constantFrom(0, 1, 255), fc.nat(255));
    const column = fc.record({
      width: fc.constantFrom(8 as const, 16 as const),
      mask: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
      bytes: fc.array(byte, { minLength: 1, maxLength: 400 }),
    });
    const property = fc.property(
      fc.array(column, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 700 }),
      (columns, count) => {
        const { payload, rows } = payloadOf(
          count,
          columns.map(({ width, mask, bytes }) => ({
            width,
            row: (no) =>
              Uint8Array.from({ length: width }, (_, i) =>
                mask[i] ? (bytes[(no * width + i) % bytes.length] as number) : 9,
              ),
          })),
        );
        const block = compressed(payload, rows);
        expect(Buffer.compare(decompressBlock(block, payload.length), payload)).toBe(0);
        expect(lastSequence(block)).toBeDefined();
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
