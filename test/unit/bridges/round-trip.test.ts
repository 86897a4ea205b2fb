import { expect, it } from "vitest";
import { redactSpan } from "../../../instrumentation/redact.ts";
import { toOtlp } from "../../../src/bridges/export/otlp.ts";
import { exportTrace } from "../../../src/page/export-trace.ts";
import { MAX_PAGE_BYTES } from "../../../src/page/trace-page/trace-page.ts";
import type { Span } from "../../../src/telemetry/model.ts";
import { convertToFile, spansIn } from "./converted.ts";
import { describeWithDumps, dump, expected } from "./dumps.ts";

const withSpans = Object.entries(expected).filter(([, { spans }]) => spans > 0);

/** By trace and id, without what only the first recording knows of a resource, and without the order of attributes. */
function comparable(spans: readonly Span[]): unknown[] {
  return spans
    .map(({ resource, attributes, parentIsRemote: _, ...span }) => ({
      ...span,
      service: resource.attributes["service.name"],
      attributes: Object.fromEntries(Object.entries(attributes).sort()),
    }))
    .sort((a, b) => (a.traceId + a.spanId < b.traceId + b.spanId ? -1 : 1));
}

describeWithDumps("in, out and in again", () => {
  it.each(withSpans)("%s: the same spans", async (name) => {
    const first = await spansIn((await convertToFile(dump(name))).path);
    const exported = toOtlp([{ traceId: "", spans: first, logs: [] }]);
    const { path, result } = await convertToFile(Buffer.from(exported));
    expect(result).toMatchObject({ spans: first.length, skipped: 0 });
    expect(comparable(await spansIn(path))).toEqual(comparable(first));
  });

  it.each(withSpans)("%s: what was cleaned stays as it is when it comes again (I12)", async (name) => {
    const clean = (await spansIn((await convertToFile(dump(name))).path)).map(redactSpan);
    expect(clean.map(redactSpan)).toEqual(clean);
  });

  it.each(withSpans)("%s: a page below 300 KB, whatever is in it", async (name) => {
    const { path } = await convertToFile(dump(name));
    const { text, traces } = await exportTrace(path, { to: "html", where: "duration >= 0ms" });
    expect(traces).toBeGreaterThan(0);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_PAGE_BYTES);
  });
});
