import { expect, it } from "vitest";
import type { Span } from "../../../src/telemetry/model.ts";
import { convertToFile, rowsOf, spansIn } from "./converted.ts";
import { describeWithDumps, dump, expected } from "./dumps.ts";

const accepted = Object.entries(expected).filter(([name]) => !name.startsWith("refused/"));

describeWithDumps("trace files of other programs", () => {
  it.each(accepted)("%s: counts are those of an independent counter", async (name, counts) => {
    const { path, result } = await convertToFile(dump(name));
    expect(result).toMatchObject({
      traces: counts.traces,
      spans: counts.spans,
      errors: counts.errors,
      events: counts.events,
      exceptions: counts.exceptions,
      links: counts.links,
      logs: counts.log_records ?? 0,
      metrics: counts.metrics ?? 0,
      dataPoints: counts.data_points ?? 0,
      services: counts.services,
    });
    const rows = await rowsOf(path, "/spans");
    expect(rows).toHaveLength(counts.spans);
    expect(new Set(rows.map(({ trace_id }) => trace_id)).size).toBe(counts.traces);
    const spans = await spansIn(path);
    expect(spans.reduce((sum, { events }) => sum + events.length, 0)).toBe(counts.events);
    expect(spans.reduce((sum, { links }) => sum + links.length, 0)).toBe(counts.links);
    expect(spans.filter(({ status }) => status.code === 2)).toHaveLength(counts.errors);
    if (counts.min_time_ns !== null) {
      expect(String(spans.map(({ startTime }) => startTime).reduce((a, b) => (b < a ? b : a)))).toBe(
        counts.min_time_ns,
      );
      expect(String(spans.map(({ endTime }) => endTime).reduce((a, b) => (b > a ? b : a)))).toBe(counts.max_time_ns);
    }
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(counts.spans);
    expect(spans.reduce((sum, span) => sum + ownAttributes(span, name), 0)).toBe(counts.span_attributes ?? 0);
    expect(result.skipped).toBe((counts.bad_lines ?? 0) + (name.includes("some-bad-lines") ? 1 : 0));
  });
});

/** Attributes that were attributes before. Zipkin's other endpoint is a field of its own there. */
function ownAttributes({ attributes }: Span, name: string): number {
  const added = name.startsWith("zipkin")
    ? /^(source\.(trace|span)_id|peer\.service|network\.peer\.(address|port))$/
    : /^(source\.(trace|span)_id|jaeger\.warnings)$/;
  return Object.keys(attributes).filter((key) => !added.test(key)).length;
}
