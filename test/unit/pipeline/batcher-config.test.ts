import { expect, it } from "vitest";
import { BatcherConfig, resolveBatcherConfig } from "../../../src/pipeline/batcher-config.ts";

function resolve(explicit: Partial<BatcherConfig> | undefined, environment: Record<string, string>) {
  const warnings: string[] = [];
  const config = resolveBatcherConfig(explicit, BatcherConfig.default, environment, (text) => warnings.push(text));
  return { config, warnings };
}

it("takes explicit fields, then the environment, then the sink's default (C09)", () => {
  const { config } = resolve({ flushNumRows: 7 }, { RERUN_FLUSH_NUM_ROWS: "9", RERUN_FLUSH_TICK_SECS: "0.25" });
  expect(config).toEqual({ ...BatcherConfig.default, flushNumRows: 7, flushTickMillis: 250 });
});

it("reads the older name of the unsorted limit too, which wins", () => {
  const both = { RERUN_CHUNK_MAX_ROWS_IF_UNSORTED: "7", RERUN_MAX_CHUNK_ROWS_IF_UNSORTED: "9" };
  expect(resolve(undefined, both).config.chunkMaxRowsIfUnsorted).toBe(9);
});

it.each([
  ["2MiB", 2_097_152],
  ["10MB", 10_000_000],
  ["1.5 KiB", 1536],
  ["4096", 4096],
])("reads RERUN_FLUSH_NUM_BYTES=%s as %i", (text, bytes) => {
  expect(resolve(undefined, { RERUN_FLUSH_NUM_BYTES: text }).config.flushNumBytes).toBe(bytes);
});

it.each(["RERUN_FLUSH_TICK_SECS", "RERUN_FLUSH_NUM_BYTES", "RERUN_FLUSH_NUM_ROWS", "RERUN_CHUNK_MAX_ROWS_IF_UNSORTED"])(
  "warns once about junk in %s, naming it, and keeps the other variables",
  (name) => {
    const good = name === "RERUN_FLUSH_NUM_ROWS" ? "RERUN_CHUNK_MAX_ROWS_IF_UNSORTED" : "RERUN_FLUSH_NUM_ROWS";
    const { config, warnings } = resolve(undefined, { [name]: "-3 bananas", [good]: "12" });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${name}=-3 bananas`);
    expect(Object.values(config)).toContain(12);
  },
);

it("has the seed's defaults", () => {
  expect(BatcherConfig.default).toMatchObject({
    flushTickMillis: 50,
    flushNumBytes: 1_048_576,
    flushNumRows: Infinity,
  });
  expect(BatcherConfig.lowLatency.flushTickMillis).toBe(8);
});
