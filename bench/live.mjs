// Rows to somebody who watches, the same as live_python.py: MODE memory, connect (to URL) or serve. Prints one JSON line. `serve` prints its
// address first, begins at "go" on its input and ends with it.
import { once } from "node:events";
import * as rr from "otel-rerun";
import { stopwatch } from "./measure.mjs";

const { MODE, URL: url } = process.env;
const rows = Number(process.env.ROWS);
const ENTITIES = 10;
const PATIENTLY = { timeoutMillis: 120_000 };

const rec = new rr.RecordingStream("bench live");
const input = process.stdin.setEncoding("utf8");

function log() {
  for (let row = 0; row < rows; row++) {
    rec.setTime("step", { sequence: row });
    rec.log(`scalars/${row % ENTITIES}`, new rr.Scalars(Math.sin(row / 1000)));
  }
}

const memory = MODE === "memory" ? rec.memoryRecording() : undefined;
if (MODE === "connect") rec.connectGrpc(url, { maxBufferedBytes: "1GiB" });
if (MODE === "serve") {
  const served = await rec.serveGrpc({ port: 0 });
  console.log(served.url);
  await once(input, "data");
} else {
  rec.log("warm", new rr.Scalars(0)); // the connection is there
  await rec.flush(PATIENTLY);
}
const all = stopwatch();
log();
const call = all();
const bytes = memory?.drainAsBytes().length;
await rec.flush(PATIENTLY);
const { wall } = all();
if (MODE === "serve") await once(input, "end");
const { cpu } = all();
console.log(JSON.stringify({ rows, wall, cpu, call: call.wall, bytes, dropped: rec.stats().rowsDropped }));
await rec.shutdown(PATIENTLY);
