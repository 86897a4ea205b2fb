import { expect, it } from "vitest";
import type { LogMessage } from "../../../../src/rrd/log-message.ts";
import { ReplayWindow } from "../../../../src/sinks/grpc/replay-window.ts";
import { BLUEPRINT, chunk, info, labelOf } from "./messages.ts";

it("is bounded also where nothing but store infos and blueprints waits; the newest of them are told later (I7)", () => {
  const lost: LogMessage[] = [];
  const window = new ReplayWindow(10_000, (message) => lost.push(message));
  for (let at = 0; at < 1000; at++) {
    const store = { ...BLUEPRINT, recordingId: `layout ${at}` };
    window.add(info(store));
    window.add(chunk(`view ${at}`, { store }));
  }
  expect(window.byteLength).toBeLessThanOrEqual(10_000);
  expect(lost).toEqual([]);
  const told = window.rewind().map(labelOf);
  for (let next = window.take(); next !== undefined; next = window.take()) told.push(labelOf(next));
  expect(told.at(-1)).toBe("view 999");
  expect(told).toContain("view 900");
});
