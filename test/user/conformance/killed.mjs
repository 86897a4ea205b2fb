// C30: logs until all of its rows were written at least once, says how many, and is killed.
import { setTimeout as delay } from "node:timers/promises";
import * as rr from "otel-rerun";

const rec = new rr.RecordingStream("killed");
rec.save(`${process.env.FOLDER}/killed.rrd`);
let logged = 0;
do {
  rec.log("a", new rr.Scalars(logged++));
  await delay(1);
} while (rec.stats().chunksWritten < 5);
const { rowsWritten, pending } = rec.stats();
process.stdout.write(`${JSON.stringify({ logged, rowsWritten, pending: pending.rows })}\n`, () =>
  process.kill(process.pid, "SIGKILL"),
);
