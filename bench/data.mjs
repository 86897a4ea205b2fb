// Large values to a file, the same as data_python.py: ROWS of each of three kinds. Prints one JSON line.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as rr from "otel-rerun";
import { stopwatch } from "./measure.mjs";

const POINTS = 1_000_000;
const [WIDTH, HEIGHT] = [1920, 1080];
const repeat = Number(process.env.REPEAT ?? 5);
const folder = mkdtempSync(join(tmpdir(), "otel-rerun-bench-"));

/** Times `log` of REPEAT rows, and all until the file is closed; per row. */
async function measure(name, log) {
  const file = join(folder, `${name}.rrd`);
  const rec = new rr.RecordingStream(`bench ${name}`);
  rec.save(file);
  const all = stopwatch();
  for (let row = 0; row < repeat; row++) {
    rec.setTime("frame", { sequence: row });
    log(rec, row);
    await rec.flush(); // five rows are more than the 64 MiB that may wait, and what does not fit is dropped and counted
  }
  const call = all();
  await rec.shutdown({ timeoutMillis: 60_000 });
  const lost = Object.values(rec.stats().rowsDropped).reduce((sum, rows) => sum + rows, 0);
  if (lost > 0) throw new Error(`${lost} rows of ${name} are lost`);
  const { wall, cpu } = all();
  return { call: call.wall / repeat, wall: wall / repeat, cpu: cpu / repeat, bytes: statSync(file).size / repeat };
}

const noise = (i) => Math.sin(i * 12.9898) * 43758.5453;
const positions = Float32Array.from({ length: 3 * POINTS }, (_, i) => noise(i) % 10);
const colors = Uint32Array.from({ length: POINTS }, (_, i) => (i * 2654435761) >>> 0);
const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => noise(i) & 255);
const scalars = Float64Array.from({ length: POINTS }, (_, i) => Math.sin(i / 1000));
const frames = BigInt64Array.from({ length: POINTS }, (_, i) => BigInt(i));

console.log(
  JSON.stringify({
    points: await measure("points", (rec) => rec.log("points", new rr.Points3D(positions, { colors }))),
    image: await measure("image", (rec) => rec.log("image", new rr.Image(pixels, { width: WIDTH, height: HEIGHT }))),
    columns: await measure("columns", (rec, row) =>
      rec.sendColumns(`columns/${row}`, {
        indexes: [rr.timeColumn("step", { sequence: frames })],
        columns: [rr.Scalars.columns({ scalars })],
      }),
    ),
  }),
);
rmSync(folder, { recursive: true });
