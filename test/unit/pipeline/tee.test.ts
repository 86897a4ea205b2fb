import { expect, it } from "vitest";
import { openRrd } from "../../../src/reader.ts";
import type { SinkSpec } from "../../../src/sinks/sink.ts";
import { rowsOf } from "./journaled.ts";
import { chunksOf, recording } from "./recorded.ts";

const KEPT = 1;
const LIVE = 2;

function tee(definition: Parameters<typeof recording>[1] = {}) {
  const made = recording({}, definition);
  const sinks: SinkSpec[] = [
    { kind: "memory", id: KEPT },
    { kind: "memory", id: LIVE, isLive: true },
  ];
  made.transport.requestSync({ type: "set-sinks", recording: 1, sinks });
  return made;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

it("gives a live sink what came since its last flush every 8 ms, while the other collects", async () => {
  const { log, clock, bytes } = tee();
  for (const frame of upTo(10)) {
    log("/a", frame);
    clock.advance(4);
  }
  log("/a", 10); // the clock stands at 40: the live sink has had four or five ticks, the other none
  const live = await chunksOf(bytes(LIVE));
  const kept = await chunksOf(bytes(KEPT));
  expect(live.length).toBeGreaterThanOrEqual(3);
  expect(kept).toHaveLength(1);
  for (const chunks of [live, kept]) expect(chunks.flatMap(({ frames }) => frames)).toEqual(upTo(11));
});

it("gives a row the same id in both, so that a viewer that sees both sees one", async () => {
  const { log, logStatic, clock, bytes } = tee();
  logStatic("/static", 1);
  for (const frame of upTo(100)) {
    log(`/${frame % 3}`, frame);
    clock.advance(3);
  }
  const idsOf = async (id: number): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { rowIds } of (await openRrd(bytes(id))).chunks()) {
      ids.push(...(Buffer.from(rowIds).toString("hex").match(/.{32}/g) ?? []));
    }
    return ids.sort();
  };
  const live = await idsOf(LIVE);
  expect(new Set(live).size).toBe(101);
  expect(live).toEqual(await idsOf(KEPT));
});

it("counts a row once, and keeps the order of a columns record for both", async () => {
  const { log, encoder, bytes, stats, flush } = tee();
  log("/a", 1);
  const frames = { timeline: { name: "frame", type: "sequence" as const }, values: new BigInt64Array([2n, 3n]) };
  const { scalar } = await import("./harness.ts");
  encoder.logColumns(1, "/a", [frames], [{ spec: scalar, values: [2, 3], lengths: undefined }], 2);
  log("/a", 4);
  flush();
  expect(stats()).toMatchObject({ rowsAccepted: 4, rowsWritten: 4 });
  for (const id of [KEPT, LIVE]) {
    expect((await rowsOf(await openRrd(bytes(id)))).map(([, frame]) => frame)).toEqual([1, 2, 3, 4]);
  }
});

it("leaves an explicit configuration as it is for both (C09)", async () => {
  const { log, clock, bytes } = tee({ batcher: { flushNumRows: 5, flushTickMillis: Number.POSITIVE_INFINITY } });
  for (const frame of upTo(12)) {
    log("/a", frame);
    clock.advance(100);
  }
  const sizes = async (id: number) => (await chunksOf(bytes(id))).map(({ numRows }) => numRows);
  const live = await sizes(LIVE);
  expect(live).toEqual([5, 5, 2]);
  expect(await sizes(KEPT)).toEqual([5, 5, 2]);
});
