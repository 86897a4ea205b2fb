// One `rec.log(path, new Scalars(x))`: what it costs its caller. CPU of the calling thread where the system tells it (Linux), and the
// percentiles of the wall time of a call. OTEL_RERUN_WRITER=inline shows what it was without the writer thread.
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as rr from "otel-rerun";

const entities = 600;
const steps = Number(process.env.STEPS ?? 1000);
const path = join(tmpdir(), `log-call-${process.pid}.rrd`);
const paths = Array.from({ length: entities }, (_, i) => `sensor/${i}`);

function threadCpuNanos() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);
  } catch {
    return Number.NaN;
  }
}

for (let round = 0; round < 4; round++) {
  const rec = new rr.RecordingStream("log-call");
  rec.save(path);
  await rec.flush(); // the writer is up
  const rows = entities * steps;
  const calls = new Float64Array(rows / 10);
  const begun = performance.now();
  const cpu = threadCpuNanos();
  for (let step = 0, n = 0; step < steps; step++) {
    rec.setTime("frame", { sequence: step });
    for (let i = 0; i < entities; i++) {
      if (i % 10 !== 0) {
        rec.log(paths[i], new rr.Scalars(step));
        continue;
      }
      const at = performance.now();
      rec.log(paths[i], new rr.Scalars(step));
      calls[n++] = performance.now() - at;
    }
  }
  const cpuPerCall = (threadCpuNanos() - cpu) / rows;
  const wallPerCall = ((performance.now() - begun) / rows) * 1e6;
  await rec.shutdown({ timeoutMillis: 30_000 });
  calls.sort();
  const percentile = (p) => Math.round((calls[Math.floor(p * (calls.length - 1))] ?? 0) * 1e6);
  console.log(
    JSON.stringify({
      round,
      cpuNanos: Math.round(cpuPerCall),
      wallNanos: Math.round(wallPerCall),
      p50: percentile(0.5),
      p999: percentile(0.999),
      max: percentile(1),
      seconds: Number(((performance.now() - begun) / 1000).toFixed(3)),
    }),
  );
}
rmSync(path, { force: true });
