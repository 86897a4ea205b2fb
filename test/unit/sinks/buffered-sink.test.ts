import { expect, it } from "vitest";
import type { ArrowMessage } from "../../../src/rrd/log-message.ts";
import { BufferedSink } from "../../../src/sinks/buffered-sink.ts";

const store = { kind: "recording", applicationId: "app", recordingId: "rec" } as const;

function chunk(bytes: number, isStatic = false): ArrowMessage {
  const summary = {
    id: new Uint8Array(16),
    entityPath: "/a",
    numRows: 10,
    uncompressedBytes: bytes,
    timelines: [],
    components: [],
  };
  return { kind: "arrow", store, payload: new Uint8Array(bytes), isStatic, summary };
}

it("drops the oldest temporal chunks at its limit and counts them; static ones and store infos stay (I3, I7)", () => {
  const lost: number[] = [];
  const sink = new BufferedSink(({ rows }) => lost.push(rows), { maxBytes: 1000 });
  sink.write({ kind: "store-info", store, payload: new Uint8Array(10) });
  sink.write(chunk(100, true));
  for (let i = 0; i < 20; i++) sink.write(chunk(100));
  const kept = sink.takeBacklog();
  const bytes = kept.reduce((sum, { payload }) => sum + payload.length, 0);
  expect(bytes).toBeLessThanOrEqual(1000);
  expect(kept.slice(0, 2).map(({ kind }) => kind)).toEqual(["store-info", "arrow"]);
  expect(lost.length + kept.length).toBe(22);
  expect(sink.status.lostRows).toBe(10 * lost.length);
});

it("keeps its own copy of a payload", () => {
  const sink = new BufferedSink();
  const message = chunk(4);
  sink.write(message);
  message.payload.fill(9);
  expect(sink.takeBacklog()[0]?.payload).toEqual(new Uint8Array(4));
});

it("at the limit static rows go as well where there is nothing else, and are counted (I7)", () => {
  let lost = 0;
  const onLost = ({ rows }: { rows: number }): void => {
    lost += rows;
  };
  const sink = new BufferedSink(onLost, { maxBytes: 1000 });
  sink.write({ kind: "store-info", store, payload: new Uint8Array(10) });
  for (let at = 0; at < 100; at++) sink.write(chunk(100, true));
  expect(sink.status.queuedBytes).toBeLessThanOrEqual(1000);
  const [first, ...rest] = sink.takeBacklog();
  expect(first?.kind).toBe("store-info");
  expect(lost).toBe(10 * (100 - rest.length));
});
