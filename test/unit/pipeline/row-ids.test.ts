import { expect, it } from "vitest";
import { Clock } from "../../../src/pipeline/clock.ts";
import { RowIds } from "../../../src/pipeline/row-ids.ts";
import { TestClock } from "./harness.ts";

function source(random = 0.25) {
  const clock = new TestClock();
  const ids = new RowIds(new Clock(clock), () => random);
  const next = (): string => {
    const bytes = new Uint8Array(16);
    ids.put(new DataView(bytes.buffer), 0, clock.now());
    return Buffer.from(bytes).toString("hex");
  };
  return { clock, ids, next };
}

it("grows over positions, epochs, wraps and refreshes", () => {
  const { clock, ids, next } = source();
  let last = next();
  for (let i = 0; i < 200_000; i++) {
    if (i % 1000 === 0) ids.startEpoch();
    if (i % 30_000 === 0) clock.advance(400);
    const id = next();
    if (!(id > last)) expect.fail(`${id} after ${last}`);
    last = id;
  }
  for (let i = 0; i < 70_000; i++) {
    const id = next();
    if (!(id > last)) expect.fail(`${id} after ${last}`);
    last = id;
  }
});

it("changes only the epoch between the rows of an entity in lock-step logging", () => {
  const { ids, next } = source();
  const seen: string[] = [];
  for (let frame = 0; frame < 3; frame++) {
    ids.startEpoch();
    next();
    seen.push(next());
  }
  expect(new Set(seen.map((id) => id.slice(0, 20))).size).toBe(1);
  expect(new Set(seen.map((id) => id.slice(28))).size).toBe(1);
});

it("starts with the wall clock's nanoseconds, refreshed each second and never lower", () => {
  const { clock, next } = source();
  const high = (id: string): bigint => BigInt(`0x${id.slice(0, 16)}`);
  const first = high(next());
  expect(first).toBe(1_700_000_000_000_000_000n);
  clock.advance(999);
  expect(high(next())).toBe(first);
  clock.advance(1);
  expect(high(next())).toBe(first + 1_000_000_000n);
});

it("keeps two writers of the same moment apart by their random bits", () => {
  expect(source(0.1).next()).not.toBe(source(0.9).next());
});

it("gives the rows of one record the ids that they had got one by one, also over a wrap", () => {
  const { clock, ids } = source();
  const one = source();
  for (const count of [1, 7, 70_000, 0, 140_000]) {
    const bytes = Buffer.alloc(16 * count + 32, 0xff);
    ids.putMany(new DataView(bytes.buffer, bytes.byteOffset), 16, count, clock.now());
    const expected = Buffer.concat(Array.from({ length: count }, () => Buffer.from(one.next(), "hex")));
    if (!bytes.subarray(16, -16).equals(expected)) expect.fail(`${count} ids differ`);
    expect([bytes.subarray(0, 16), bytes.subarray(-16)]).toEqual([Buffer.alloc(16, 0xff), Buffer.alloc(16, 0xff)]);
    expect(ids.count).toBe(one.ids.count);
    clock.advance(600);
    one.clock.advance(600);
  }
});
