import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AskedCommands } from "../../../src/pipeline/writer-thread/asked-commands.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("gives up a writer that never answers, also where the command has no deadline of its own (I1)", () => {
  const asked = new AskedCommands(() => {});
  const settle = vi.fn();
  asked.addWithDeadline({ type: "stats", recording: 1 }, settle);
  asked.addWithDeadline({ type: "flush", timeoutMillis: 100 }, settle);
  vi.advanceTimersByTime(1000);
  expect(settle).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(settle).toHaveBeenCalledTimes(2);
  expect(settle).toHaveBeenLastCalledWith({ error: expect.objectContaining({ code: "ERR_RERUN_FLUSH_TIMEOUT" }) });
});

it("is idle when the last is answered, or taken by somebody else", () => {
  const onIdle = vi.fn();
  const asked = new AskedCommands(onIdle);
  const [answered, taken] = [1, 2].map((recording) => asked.add({ type: "stats", recording }, () => {}));
  asked.settle(answered as number, {});
  expect(onIdle).not.toHaveBeenCalled();
  asked.take(taken as number);
  asked.take(taken as number);
  expect(onIdle).toHaveBeenCalledOnce();
});
