import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { convert } from "../../../src/bridges.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { newFile } from "./converted.ts";

/** OTEL_RERUN_LONG=1 makes it a gigabyte; what is measured is the same. */
const MEGABYTES = process.env.OTEL_RERUN_LONG === "1" ? 1000 : 40;

const T0 = 1_700_000_000_000_000_000n;

/** A line of the Collector's file exporter: four traces of 25 spans. */
function line(no: number): string {
  const spans = Array.from({ length: 100 }, (_, n) => {
    const trace = no * 4 + Math.floor(n / 25);
    const start = T0 + BigInt(trace) * 1_000_000n + BigInt(n) * 1000n;
    const isRoot = n % 25 === 0;
    return {
      traceId: (trace + 1).toString(16).padStart(32, "0"),
      spanId: (no * 100 + n + 1).toString(16).padStart(16, "0"),
      ...(isRoot ? {} : { parentSpanId: (no * 100 + n - (n % 25) + 1).toString(16).padStart(16, "0") }),
      name: isRoot ? "GET /cart" : "SELECT",
      kind: isRoot ? 2 : 3,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 900_000n),
      attributes: [{ key: "db.query.text", value: { stringValue: `SELECT * FROM cart WHERE id = ${n}` } }],
    };
  });
  const attributes = [{ key: "service.name", value: { stringValue: "shop" } }];
  return `${JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] })}\n`;
}

function collectGarbage(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it(`${MEGABYTES} MB of JSON lines take no more memory than a few`, { timeout: 1_200_000 }, async () => {
  const total = MEGABYTES * 1e6;
  const marks: number[] = [];
  let bytes = 0;
  let parseMillis = 0;
  async function* lines() {
    for (let no = 0; bytes < total; no++) {
      const text = line(no);
      bytes += text.length;
      // the peer, on the same bytes in the same run
      const start = performance.now();
      JSON.parse(text);
      parseMillis += performance.now() - start;
      yield Buffer.from(text);
      if (marks.length < Math.floor((bytes / total) * 6)) marks.push(collectGarbage());
    }
  }
  const recording = new RecordingStream("memory", { sendProperties: false, telemetry: { clock: "data" } });
  recording.save(newFile());
  const cpu = process.cpuUsage();
  const result = await convert(lines(), recording);
  const { user, system } = process.cpuUsage(cpu);
  await recording.shutdown({ timeoutMillis: 60_000 });
  expect(result.spans).toBeGreaterThan(MEGABYTES * 1000);
  expect(result.traces * 25).toBe(result.spans);
  const allMillis = (user + system) / 1000;
  const [first = 0, ...later] = marks.slice(1);
  console.info(
    `${MEGABYTES} MB: ${result.spans} spans, JSON.parse ${parseMillis.toFixed(0)} ms, all CPU ${allMillis.toFixed(0)} ms, ` +
      `memory ${marks.map((mark) => `${(mark / 1e6).toFixed(0)} MB`).join(" ")}`,
  );
  // what waits for its trace is bounded; the footer's index grows by some bytes a chunk
  expect(Math.max(...later) - first).toBeLessThan(60e6 + total * 0.02);
});
