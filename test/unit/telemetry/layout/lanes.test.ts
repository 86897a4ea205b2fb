import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lanes } from "../../../../src/telemetry/layout/lanes.ts";
import { MS, recordingOf, span, T0 } from "../telemetry.ts";

describe("lanes", () => {
  it("never hold two intervals that touch, and are as many as the concurrency", () => {
    const intervals = fc.array(fc.tuple(fc.nat(200), fc.nat(50)), { maxLength: 24 });
    fc.assert(
      fc.property(intervals, (pairs) => {
        const sorted = pairs.map(([from, length]) => [from, from + length] as const).sort(([a], [b]) => a - b);
        const lanes = new Lanes();
        const ends = new Map<number, number>();
        for (const [from, to] of sorted) {
          const lane = lanes.take(BigInt(from)) as number;
          expect(ends.get(lane) ?? -1).toBeLessThan(from);
          ends.set(lane, to);
          lanes.release(lane, BigInt(to));
        }
        const crowd = sorted.map(([from]) => sorted.filter(([a, b]) => a <= from && from <= b).length);
        expect(ends.size).toBe(Math.max(0, ...crowd));
      }),
    );
  });

  it("show requests in flight: a lane is taken at the start, rows come in order of time, errors are marked", () => {
    const { start, end, rows } = recordingOf();
    const [a, b, c] = [
      span("a", { name: "GET /a", traceId: "a", kind: 1 }),
      span("b", { name: "GET /b", traceId: "b", kind: 1, startTime: T0 + 5n * MS, status: { code: 2 } }),
      span("c", { name: "GET /a", traceId: "c", kind: 1, startTime: T0 + 11n * MS }),
    ];
    start(a);
    start(b);
    end(a);
    start(c);
    end(b);
    end(c);
    const states = (path: string) =>
      rows(path).flatMap(({ times, values }) => {
        const state = values["StateChange:state"];
        return state === undefined ? [] : [[Number((times.elapsed ?? 0n) / MS), state]];
      });
    expect(states("/requests/01")).toEqual([
      [0, "GET /a"],
      [10, ""],
      [11, "GET /a"],
      [21, ""],
    ]);
    expect(states("/requests/02")).toEqual([
      [5, "GET /b ✖"],
      [15, ""],
    ]);
    expect(rows("/requests/01").some(({ values }) => values["Request:trace_id"] === "c")).toBe(true);
  });

  it("end a span without length a nanosecond later: its own end would hide it", () => {
    const { end, rows } = recordingOf();
    end(span("a", { endTime: T0 }));
    const times = rows("/requests/01").flatMap(({ times: { log_time } }) => log_time ?? []);
    expect(times).toEqual([T0, T0 + 1n]);
  });

  it("are capped, and the summary counts what is not there (I3)", () => {
    const { start, end, rows, close, summary } = recordingOf();
    const spans = Array.from({ length: 30 }, (_, i) => span(`s${i}`, { traceId: `t${i}` }));
    spans.forEach(start);
    spans.forEach(end);
    close();
    expect(new Set(rows(/^\/requests\//).map(({ path }) => path)).size).toBe(24);
    expect(summary()).toContain("lanes 6");
  });
});
