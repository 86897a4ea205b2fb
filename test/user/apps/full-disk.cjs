// Logs rows to a file on DISK, which is full for a while (END=shutdown) or from then on (END=exit), and says how many there were.
const { unlinkSync, writeFileSync, writeSync } = require("node:fs");
const { randomBytes } = require("node:crypto");
const { join } = require("node:path");
const rr = require("otel-rerun");

const { DISK, JOURNAL, END } = process.env;
const ballast = join(DISK, "ballast");
const rec = rr.init("full", { sendProperties: false });
rec.save(join(DISK, "run.rrd"), { journal: JOURNAL === "true" });

let rows = 0;
function log(count) {
  for (let i = 0; i < count; i++)
    rec.log(`n/${rows % 5}`, new rr.TextLog(`${rows++} ${randomBytes(40).toString("hex")}`));
}

async function logFor(millis) {
  const end = performance.now() + millis;
  while (performance.now() < end) {
    log(10);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function run() {
  await logFor(400);
  await new Promise((resolve) => setTimeout(resolve, 300)); // more than a tick: they are recorded
  const before = rows;
  try {
    writeFileSync(ballast, Buffer.alloc(1 << 20));
  } catch (error) {
    if (error.code !== "ENOSPC") throw error;
  }
  await logFor(1500);
  const lost = rec.stats().rowsDropped.sink ?? 0;
  if (END === "exit") {
    writeSync(1, JSON.stringify({ before, rows, lost }));
    process.exit(3);
  }
  unlinkSync(ballast);
  await logFor(1500);
  await rec.shutdown().catch((error) => console.error(error.message));
  writeSync(1, JSON.stringify({ before, rows, lost, stats: rec.stats() }));
}
run();
