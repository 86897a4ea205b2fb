import { afterEach, beforeEach, expect, it } from "vitest";
import { BatcherConfig } from "../../../src/pipeline/batcher-config.ts";
import type { BatcherHooks } from "../../../src/pipeline/batcher-hooks.ts";
import { type BatcherOptions, batcherSettings, callBatcherHooks } from "../../../src/recording/batcher-settings.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { collectWarnings } from "./fake-transport.ts";

let warnings: ReturnType<typeof collectWarnings>;
beforeEach(() => {
  warnings = collectWarnings();
});
afterEach(() => warnings.stop());

it("takes presets, some of their fields, and Infinity", () => {
  expect(batcherSettings(BatcherConfig.never)).toEqual({ batcher: BatcherConfig.never });
  expect(batcherSettings({ flushNumRows: 0, flushTickMillis: Number.POSITIVE_INFINITY })).toEqual({
    batcher: { flushNumRows: 0, flushTickMillis: Infinity },
  });
  expect(batcherSettings({ flushNumRows: undefined } as unknown as BatcherOptions)).toEqual({});
  expect(batcherSettings({ hooks: { onFlush: () => {} } })).toEqual({ hooks: ["onFlush"] });
});

it.each([
  [{ flushTickMillis: -1 }, /batcher\.flushTickMillis must be a number from 0 on, got -1/],
  [{ flushNumBytes: Number.NaN }, /flushNumBytes must be a number/],
  [{ flushNumRows: "3" }, /flushNumRows must be a number from 0 on, got 3/],
  [{ flushTickSecs: 1 }, /batcher has no option "flushTickSecs"; its options are flushTickMillis, .*, hooks/],
  [{ hooks: { onFlush: "yes" } }, /batcher\.hooks\.onFlush must be a function, got string/],
])("refuses %j in the call", (batcher, message) => {
  const make = () => new RecordingStream("a", { batcher: batcher as unknown as BatcherOptions });
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
});

it("calls hooks, warns once of one that throws, and forgets them at the end (I1, I7)", () => {
  const { batcherHooks } = processState();
  const seen: unknown[] = [];
  const hooks: BatcherHooks = {
    onConfigChange: (config) => seen.push(config),
    onFlush: () => {
      throw new Error("mine");
    },
  };
  batcherHooks.set(77, hooks);
  const flushed = { entityPath: "/a", numRows: 1, byteLength: 2, reason: "rows" } as const;
  callBatcherHooks(77, [
    { hook: "onFlush", value: flushed },
    { hook: "onInsert", value: flushed },
    { hook: "onConfigChange", value: BatcherConfig.default },
    { hook: "onFlush", value: flushed },
  ]);
  expect(seen).toEqual([BatcherConfig.default]);
  expect(warnings.messages).toEqual(["batcher.hooks.onFlush failed: mine"]);
  callBatcherHooks(77, [{ hook: "end" }]);
  expect(batcherHooks.has(77)).toBe(false);
  callBatcherHooks(77, [{ hook: "onFlush", value: flushed }]);
});
