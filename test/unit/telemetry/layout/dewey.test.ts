import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeweyKeys } from "../../../../src/telemetry/layout/dewey.ts";
import type { Span } from "../../../../src/telemetry/model.ts";
import { span, T0 } from "../telemetry.ts";

const keysOf = (spans: readonly Span[], keys = new DeweyKeys()): string[] =>
  keys.add(spans).map(({ span: { spanId }, key, isOrphan }) => `${key} ${spanId}${isOrphan ? " orphan" : ""}`);

const child = (spanId: string, parentSpanId: string, at = 0n): Span =>
  span(spanId, { parentSpanId, startTime: T0 + at });

describe("Dewey keys", () => {
  it("number siblings by start, parents before children, whatever the order and the clocks", () => {
    const spans = [child("c", "b"), child("late", "root", 2n), child("b", "root", -5n), span("root")];
    expect(keysOf(spans)).toEqual(["01 root", "01.01 b", "01.01.01 c", "01.02 late"]);
  });

  it("make a root of a span whose parent is not there, and say so unless it is elsewhere by nature", () => {
    const remote = span("remote", { parentSpanId: "x", parentIsRemote: true });
    const oldServer = span("server", { parentSpanId: "y", kind: 1 });
    expect(keysOf([remote, oldServer, child("lost", "z")])).toEqual(["01 remote", "02 server", "03 lost orphan"]);
  });

  it("cut circles at the earliest span, and keep all spans", () => {
    expect(keysOf([child("a", "b", 5n), child("b", "a", 1n), child("self", "self")])).toEqual([
      "01 self orphan",
      "02 b orphan",
      "02.01 a",
    ]);
  });

  it("never change: what comes later takes the next place", () => {
    const keys = new DeweyKeys();
    expect(keysOf([span("root"), child("b", "root", 3n)], keys)).toEqual(["01 root", "01.01 b"]);
    expect(keysOf([child("a", "root", 1n), child("b", "root")], keys)).toEqual(["01.02 a"]);
  });

  it("follow a trace 20,000 spans deep", () => {
    const spans = Array.from({ length: 20_000 }, (_, i) => (i === 0 ? span("0") : child(`${i}`, `${i - 1}`)));
    expect(keysOf(spans)).toHaveLength(20_000);
  });

  it("are unique and sorted as text in depth-first order up to 99 siblings", () => {
    const trees = fc
      .array(fc.nat(), { maxLength: 60 })
      .map((parents) => parents.map((parent, i) => (i === 0 ? span("0") : child(`${i}`, `${parent % i}`, BigInt(i)))));
    fc.assert(
      fc.property(trees, (spans) => {
        const keys = new DeweyKeys().add(spans).map(({ key }) => key);
        expect(new Set(keys).size).toBe(spans.length);
        expect([...keys].sort()).toEqual(keys);
      }),
    );
  });
});
