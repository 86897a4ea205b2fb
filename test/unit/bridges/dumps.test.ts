import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { detectFormat } from "../../../src/bridges.ts";
import { runCommand } from "../../../src/cli/run-command.ts";
import type { Span } from "../../../src/telemetry/model.ts";
import { describeWithOracle, expectVerified } from "../../oracle.ts";
import { convertToFile, rowsOf, spansIn } from "./converted.ts";
import { describeWithDumps, dump, dumpsFolder, expected } from "./dumps.ts";

const accepted = Object.entries(expected).filter(([name]) => !name.startsWith("refused/"));
const folder = mkdtempSync(join(tmpdir(), "dumps-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
    // exact to the nanosecond
    const starts = spans.map(({ startTime }) => startTime).sort(byValue);
    const ends = spans.map(({ endTime }) => endTime).sort(byValue);
    expect([starts[0] ?? null, ends.at(-1) ?? null].map(textOrNull)).toEqual([counts.min_time_ns, counts.max_time_ns]);
    expect(new Set(spans.map(({ traceId, spanId }) => traceId + spanId)).size).toBe(counts.spans);
    expect(spans.reduce((sum, span) => sum + ownAttributes(span, name), 0)).toBe(counts.span_attributes ?? 0);
    expect(spans.filter((span) => "source.span_id" in span.attributes)).toHaveLength(counts.duplicates ?? 0);
    // a line that is JSON and no telemetry is none of its bad lines
    expect(result.skipped).toBe((counts.bad_lines ?? 0) + (name.endsWith("some-bad-lines.json") ? 1 : 0));
  });

  it("names the lines that were left out", async () => {
    const { result } = await convertToFile(dump("otlp-jsonl/some-bad-lines.json"));
    expect(result.problems.map(({ line }) => line)).toEqual([2, 3, 5]);
  });

  it("finds the same ids in base64 as in hex", async () => {
    const { path, result } = await convertToFile(dump("otlp-json/base64-ids.json"));
    for (const { traceId, spanId } of await spansIn(path)) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(result.notes).toEqual(["base64 ids: 6"]);
  });

  it("hangs the server half of a call under its client half, with its own times", async () => {
    const { path } = await convertToFile(dump("zipkin-v2/clock-skew.json"));
    const spans = await spansIn(path);
    const half = spans.find((span) => "source.span_id" in span.attributes);
    const client = spans.find(({ spanId }) => spanId === half?.parentSpanId);
    expect(half).toMatchObject({ kind: 1, attributes: { "source.span_id": client?.spanId } });
    expect(client).toMatchObject({ kind: 2 });
    expect(half!.startTime).toBeLessThan(client!.startTime);
  });

  it.each([
    ["refused/trailing-comma.json", "line 2, column 1"],
    ["refused/zipkin-v1.json", "Zipkin v1"],
  ])("%s is refused by name, and leaves no file", async (name, reason) => {
    await expect(convertToFile(dump(name))).rejects.toMatchObject({
      code: "ERR_RERUN_FORMAT",
      message: expect.stringContaining(reason),
    });
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const output = join(folder, "refused.rrd");
    expect(await runCommand(["convert", join(dumpsFolder, name), "-o", output])).toBe(1);
    expect(String(write.mock.calls[0]?.[0])).toMatch(new RegExp(`${name.split("/")[1]}: .*${reason}`));
    write.mockRestore();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(accepted)("%s is told by its content", (name, { format }) => {
    const kind = format.replace(/-in-result|-lines|-bare-trace|\+unknown-json-lines/g, "");
    const found = detectFormat(dump(name));
    const framing = found?.framing === "be32" ? "-be32" : "";
    expect((found?.format ?? "").replace("zipkin-json", "zipkin-v2") + framing).toBe(
      kind.replace("-json-json", "-json"),
    );
  });
});

describeWithOracle("judged by the official tools", () => {
  describeWithDumps("trace files of other programs", () => {
    it("are valid recordings, one of all and one for each trace", async () => {
      const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
      const paths: string[] = [];
      for (const [name] of accepted) paths.push((await convertToFile(dump(name))).path);
      const output = join(folder, "traces");
      const inputs = ["otlp-json", "jaeger-json", "zipkin-v2", "otlp-protobuf"].map((part) => join(dumpsFolder, part));
      expect(await runCommand(["convert", ...inputs, "--per", "trace", "-o", output])).toBe(0);
      write.mockRestore();
      const files = readdirSync(output).map((file) => join(output, file));
      expect(files.length).toBeGreaterThan(25);
      expectVerified(...paths, ...files);
      expect(existsSync(join(output, "_metrics_and_logs.rrd"))).toBe(true);
    });
  });
});

/** Attributes that were attributes before. Zipkin's other endpoint is a field of its own there. */
function ownAttributes({ attributes }: Span, name: string): number {
  const added = name.startsWith("zipkin")
    ? /^(source\.(trace|span)_id|peer\.service|network\.peer\.(address|port))$/
    : /^(source\.(trace|span)_id|jaeger\.warnings)$/;
  return Object.keys(attributes).filter((key) => !added.test(key)).length;
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOrNull(value: bigint | null): string | null {
  return value === null ? null : String(value);
}
