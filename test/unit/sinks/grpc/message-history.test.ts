import { expect, it } from "vitest";
import { MessageHistory } from "../../../../src/sinks/grpc/message-history.ts";
import { chunk, labelOf } from "./messages.ts";

it("forgets the oldest store infos and layouts beyond a limit of their own (I7)", () => {
  const history = new MessageHistory(1000, 5000);
  for (let at = 0; at < 100; at++) history.add({ ...chunk(`layout ${at}`), isPersistent: true });
  expect(history.byteLength).toBeLessThanOrEqual(5000);
  history.add({ ...chunk("row"), isPersistent: false });
  const told = history.replay("oldest-first").map(labelOf);
  expect(told.at(-1)).toBe("row");
  expect(told.at(-2)).toBe("layout 99");
  expect(told.length).toBeGreaterThan(40);
});
