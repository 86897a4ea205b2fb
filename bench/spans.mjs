// What it costs to keep the spans of an OpenTelemetry SDK: our processor to a file, and upstream's batch processor to an OTLP receiver.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { started } from "./express.mjs";
import { median, program, ratio, table, us } from "./measure.mjs";
import { profiled } from "./profile.mjs";

const here = import.meta.dirname;
const BUDGET_MICROS = 1.5;
const ARMS = {
  none: "no processor",
  ours: "`RecordingSpanProcessor` to a file",
  batch: "`BatchSpanProcessor`, OTLP protobuf to loopback",
};
const PACES = {
  turns: "the event loop turns after each hundred",
  paced: "10,000 a second, fifty at a time",
  burst: "all before the event loop turns",
};

/** The section of docs/benchmarks.md. */
export async function spansKept({ quick }) {
  const spans = quick ? 5_000 : 100_000;
  const rounds = quick ? 2 : 6;
  const sink = await started("sink.mjs", {});
  const folder = mkdtempSync(join(os.tmpdir(), "otel-rerun-bench-"));
  // an eighth of them is 1.25 s when they are paced
  const count = (pace) => (pace === "paced" ? spans / 8 : spans);
  const keep = (arm, pace, how = {}) =>
    program(process.execPath, [...(how.arguments ?? []), join(here, "spans/keep.mjs")], {
      cwd: join(here, ".."),
      env: {
        ARM: arm,
        PACE: pace,
        SPANS: count(pace),
        ROUNDS: rounds,
        FOLDER: folder,
        SINK: sink.message,
        ...how.env,
      },
    });
  const rows = [];
  let budget;
  for (const [pace, name] of Object.entries(PACES)) {
    const results = Object.fromEntries(Object.keys(ARMS).map((arm) => [arm, []]));
    for (let repeat = 0; repeat < (quick ? 1 : 3); repeat++) {
      for (const arm of Object.keys(ARMS)) results[arm].push(await keep(arm, pace));
    }
    const per = (arm, what) => median(results[arm].map(({ rounds }) => rounds.at(-1)[what] / count(pace)));
    const over = (arm, what) => {
      const more = per(arm, what) - per("none", what);
      return arm === "none" ? "–" : `${more < 0 ? "−" : "+"}${us(Math.abs(more))} µs`;
    };
    const kept = (arm) => Math.min(...results[arm].map((result) => result.kept));
    if (pace === "turns") budget = per("ours", "callCpu") - per("none", "callCpu");
    for (const [arm, title] of Object.entries(ARMS)) {
      const cost = (what) => [`${us(per(arm, what))} µs`, over(arm, what)];
      rows.push([
        name,
        title,
        ...cost("callCpu"),
        ...cost("cpu"),
        arm === "none" ? "–" : `${(100 * kept(arm)).toFixed(1)} %`,
      ]);
    }
  }
  const where = await profiled((profiling) =>
    keep("ours", "turns", { arguments: profiling, env: { OTEL_RERUN_WRITER: "inline" } }),
  );
  sink.child.disconnect();
  rmSync(folder, { recursive: true });
  const header = [
    "spans come",
    "SDK 2 with",
    "caller's CPU",
    "over creating it",
    "all CPU",
    "over creating it",
    "kept",
  ];
  return `## A span kept

Spans of ten attributes in traces of five, ${spans.toLocaleString("en")} a round, the last of ${rounds} (paced: an eighth of them), medians of ${quick ? 1 : 3} interleaved processes.
CPU until what was kept is in the file, or was sent; kept: in the process that kept least.

${table(header, rows)}

The budget is +${BUDGET_MICROS} µs and none lost, on a machine on which upstream takes +6; the caller takes ${ratio(budget * 1e6, BUDGET_MICROS)} of it. Where the time goes,
creating spans included, the writer on the caller's thread (\`OTEL_RERUN_WRITER=inline\`); self time, largest first:

- ${where}`;
}
