// Scalars to a file: ENTITIES × STEPS rows, one timeline beside log_time. Prints one JSON line per round; the last line counts.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as rr from "otel-rerun";
import { stopwatch } from "./measure.mjs";

const entities = Number(process.env.ENTITIES ?? 600);
const steps = Number(process.env.STEPS ?? 500);
const rounds = Number(process.env.ROUNDS ?? 3);
const folder = mkdtempSync(join(tmpdir(), "otel-rerun-bench-"));
const paths = Array.from({ length: entities }, (_, i) => `sensor/${i}`);
const values = Float64Array.from({ length: 65536 }, (_, i) => Math.sin(i / 100));
const results = [];

for (let round = 0; round < rounds; round++) {
  const file = join(folder, `${round}.rrd`);
  const rec = new rr.RecordingStream("bench scalars");
  rec.save(file);
  const all = stopwatch();
  for (let step = 0; step < steps; step++) {
    rec.setTime("frame", { sequence: step });
    for (let i = 0; i < entities; i++) rec.log(paths[i], new rr.Scalars(values[(step * 7 + i * 131) & 65535]));
  }
  const call = all();
  await rec.shutdown({ timeoutMillis: 30_000 });
  const { wall, cpu } = all();
  results.push({ callCpu: call.cpu, callWall: call.wall, wall, cpu, bytes: statSync(file).size });
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ rows: entities * steps, cold: results[0], warm: results.at(-1) }));
