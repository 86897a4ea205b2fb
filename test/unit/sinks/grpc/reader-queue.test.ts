import { expect, it } from "vitest";
import type { ProxyMessage } from "../../../../src/sinks/grpc/message-history.ts";
import { ReaderQueue } from "../../../../src/sinks/grpc/reader-queue.ts";
import { chunk, labelOf } from "./messages.ts";

const message = (label: string): ProxyMessage => ({ ...chunk(label), isPersistent: false });

async function next(messages: AsyncGenerator<ProxyMessage>): Promise<string | undefined> {
  const { value } = await messages.next();
  return value === undefined ? undefined : labelOf(value);
}

it("a viewer that is always a message behind misses nothing", async () => {
  const queue = new ReaderQueue([message("found")], 1000);
  const read = queue.read();
  queue.push(message("0"));
  expect(await next(read)).toBe("found");
  for (let at = 1; at <= 3000; at++) {
    queue.push(message(String(at)));
    expect(await next(read)).toBe(String(at - 1));
  }
  expect(queue.missed).toBe(0);
});

it("one that falls behind misses the oldest of what came since, not what it found", async () => {
  const queue = new ReaderQueue([message("found"), message("found too")], 1000);
  const read = queue.read();
  expect(await next(read)).toBe("found");
  for (let at = 0; at < 12; at++) queue.push(message(String(at)));
  queue.end();
  expect(await next(read)).toBe("found too");
  const rest: string[] = [];
  for (let label = await next(read); label !== undefined; label = await next(read)) rest.push(label);
  expect(queue.missed).toBe(12 - rest.length);
  expect(queue.missed).toBeGreaterThan(0);
  expect(rest).toEqual(Array.from({ length: rest.length }, (_, at) => String(12 - rest.length + at)));
});
