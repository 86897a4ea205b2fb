import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { valuesIn } from "./read.ts";
import { freshFolder, node } from "./run.ts";

const { sdk2 } = inject("consumers");

// Its queue of 2,048 and one batch of 512 is what upstream's processor holds before the event loop turns.
it.each([
  ["100 spans and process.exit, where it loses all", 100, "exit", 0],
  ["10,000 spans at once, of which it loses 74 %", 10_000, "shutdown", 2_560],
  ["100,000 spans at once, of which it loses 97.4 %", 100_000, "shutdown", 2_560],
])("RecordingSpanProcessor beside BatchSpanProcessor, %s: loses none (I4)", async (_what, count, mode, exported) => {
  const file = join(freshFolder(), "bursts.rrd");
  const env = { COUNT: `${count}`, MODE: mode, PATH_OF_FILE: file };
  const run = await node(sdk2, ["apps/bursts.cjs"], env, 110_000);
  expect(run.status, run.stderr).toBe(0);
  expect(Number(run.stdout)).toBe(exported);
  const names = await valuesIn(file, "/spans", "name");
  expect(names).toHaveLength(count);
  expect(new Set(names)).toEqual(new Set(Array.from({ length: count }, (_, n) => `span ${n}`)));
});
