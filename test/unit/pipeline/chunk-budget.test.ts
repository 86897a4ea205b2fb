import { describe, expect, it } from "vitest";
import { ChunkBudget } from "../../../src/pipeline/journal/chunk-budget.ts";
import { batching, byFrame } from "./harness.ts";
import { journaled } from "./journaled.ts";

const DAY_MILLIS = 86_400_000;

/** Chunks of a day in which `entities` get a row each every `everyMillis`. */
function chunksOfDay(entities: number, everyMillis: number): number {
  const { clock, chunks, rowAt, processor } = timed();
  const budget = new ChunkBudget(clock.now());
  let counted = 0;
  for (let at = 0; at < DAY_MILLIS; at += everyMillis) {
    clock.advance(everyMillis);
    budget.tick(clock.now());
    for (let entity = 0; entity < entities; entity++) rowAt(`/${entity}`, at, budget);
    processor.flushDue(clock.now());
    for (; counted < chunks.length; counted++) budget.chunk();
  }
  processor.flushAll();
  return chunks.length;
}

function timed() {
  const made = batching();
  return {
    ...made,
    rowAt: (path: string, frame: number, budget: ChunkBudget) => made.row(path, frame, byFrame, budget),
  };
}

describe("a day's run", () => {
  it.each([
    ["fifteen gauges every three seconds", 15, 3000],
    ["two hundred counters a minute", 200, 60_000],
  ])(
    "with %s stays below 20,000 chunks",
    (_, entities, everyMillis) => {
      const chunks = chunksOfDay(entities, everyMillis);
      expect(chunks).toBeLessThanOrEqual(20_000);
      expect(chunks).toBeGreaterThanOrEqual(entities);
    },
    120_000,
  );

  it("through the whole writer: the file has those chunks, and the process's memory does not grow with them", async () => {
    const run = journaled();
    const steps = 86_400 / 15;
    for (let step = 0; step < steps; step++) {
      run.clock.advance(15_000);
      for (let entity = 0; entity < 12; entity++) run.log(`/metrics/${entity}`, step);
    }
    const { chunksWritten, pending } = run.stats();
    expect(chunksWritten).toBeLessThanOrEqual(20_000);
    expect(pending.bytes).toBeLessThan(8 << 20);
    run.close();
    const summary = 1;
    expect(run.stats()).toMatchObject({ rowsAccepted: steps * 12 + summary, rowsWritten: steps * 12 + summary });
    run.remove();
  }, 120_000);
});

it("first chunks are 1,024 rows, 64 KiB or two seconds; later ones hold more", () => {
  const budget = new ChunkBudget(0);
  expect(budget).toMatchObject({ rows: 1024, bytes: 64 << 10, ageMillis: 2000 });
  for (let chunk = 0; chunk < 1386; chunk++) budget.chunk();
  expect(budget.rows).toBeCloseTo(2048, 0);
  expect(budget.ageMillis).toBeCloseTo(4000, -1);
  for (let chunk = 0; chunk < 50_000; chunk++) budget.chunk();
  expect(budget).toMatchObject({ rows: 65_536, bytes: 1 << 20 });
});

it("in a long run rows wait up to a two-hundredth of it", () => {
  const budget = new ChunkBudget(0);
  budget.tick(3_600_000);
  expect(budget.ageMillis).toBe(18_000);
});
