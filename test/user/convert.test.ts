import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");
const cli = join(plain, "node_modules/otel-rerun/dist/cli.cjs");

const LINES = 1000;
const SPANS = 100;

/** As the Collector's file exporter writes: traces of 25 spans, four in a line. About 30 MB. */
function write(path: string): void {
  const file = openSync(path, "w");
  const id = (n: number, digits: number) => n.toString(16).padStart(digits, "0");
  for (let line = 0; line < LINES; line++) {
    const spans = Array.from({ length: SPANS }, (_, n) => {
      const no = line * SPANS + n;
      const start = 1_700_000_000_000_000_000n + BigInt(no) * 1000n;
      return {
        traceId: id(Math.floor(no / 25) + 1, 32),
        spanId: id(no + 1, 16),
        ...(no % 25 === 0 ? {} : { parentSpanId: id(no - (no % 25) + 1, 16) }),
        name: no % 25 === 0 ? "GET /cart" : "SELECT",
        kind: no % 25 === 0 ? 2 : 3,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 900_000n),
        attributes: [{ key: "db.query.text", value: { stringValue: `SELECT * FROM cart WHERE id = ${no}` } }],
      };
    });
    const attributes = [{ key: "service.name", value: { stringValue: "shop" } }];
    writeSync(file, `${JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] })}\n`);
  }
  closeSync(file);
}

it("convert waits for the writer thread: a small heap is enough for a large file, and every span is there", async () => {
  const folder = freshFolder();
  write(join(folder, "traces.jsonl"));
  // 30 MB of text are more than this many MB of spans
  const heap = "--max-old-space-size=96";
  const converted = await node(folder, [heap, cli, "convert", "traces.jsonl", "-o", "run.rrd", "--json"], {}, 170_000);
  expect(converted.status, converted.stderr).toBe(0);
  expect(JSON.parse(converted.stdout)).toMatchObject({ spans: LINES * SPANS, skipped: 0 });
  const { stdout } = await node(folder, [cli, "stats", "run.rrd", "--json"], {}, 100_000);
  expect(JSON.parse(stdout)[0]).toMatchObject({ spans: LINES * SPANS, traces: (LINES * SPANS) / 25 });
}, 300_000);
