// A service under load for SECONDS: 20,000 rows a second into one long recording, 1,000 short ones a minute each with a file of its own,
// removed when it is closed. Prints what the memory did, and then what an idle process costs.
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as rr from "otel-rerun";

const { FOLDER, SECONDS } = process.env;
const ROWS_PER_SECOND = 20_000;
const RECORDINGS_PER_SECOND = 1000 / 60;
const STEP_MILLIS = 20;
const long = rr.init("soak");
long.save(join(FOLDER, "long.rrd"), { maxBytes: 256e6, journal: true });

const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;
const samples = [];
const closing = new Set();
let rows = 0;
let recordings = 0;
let sampledAt = 0;

async function brief(no) {
  const path = join(FOLDER, `${no}.rrd`);
  const rec = new rr.RecordingStream("brief");
  rec.save(path);
  for (let i = 0; i < 20; i++) rec.log("n", new rr.Scalars(i));
  await rec.shutdown({ timeoutMillis: 30_000 });
  unlinkSync(path);
}

while (elapsed() < Number(SECONDS)) {
  for (const due = elapsed() * ROWS_PER_SECOND; rows < due; rows++) long.log(`n/${rows % 100}`, new rr.Scalars(rows));
  for (const due = elapsed() * RECORDINGS_PER_SECOND; recordings < due; recordings++) {
    const done = brief(recordings).finally(() => closing.delete(done));
    closing.add(done);
  }
  if (elapsed() - sampledAt >= 1) {
    sampledAt = elapsed();
    samples.push([sampledAt, process.memoryUsage.rss()]);
  }
  await sleep(STEP_MILLIS);
}
await Promise.all(closing);
await long.flush({ timeoutMillis: 60_000 });
const { rowsAccepted, rowsWritten, rowsDropped, chunksWritten } = long.stats();
await sleep(2000);
const before = process.cpuUsage();
await sleep(5000);
const { user, system } = process.cpuUsage(before);
const idleMillisPerSecond = (user + system) / 1000 / 5;
console.log(
  JSON.stringify({
    rows,
    recordings,
    rowsAccepted,
    rowsWritten,
    rowsDropped,
    chunksWritten,
    samples,
    idleMillisPerSecond,
  }),
);
