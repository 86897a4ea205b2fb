// C21: serves what was logged before, and on demand more; prints the address, then waits for the end of its input.
import * as rr from "otel-rerun";
import { Blueprint, TextLogView } from "otel-rerun/blueprint";

const { LIMIT, ROWS = "20" } = process.env;
const rec = new rr.RecordingStream("server", { batcher: { ...rr.BatcherConfig.never, flushNumRows: 1 } });
const { url } = await rec.serveGrpc({ port: 0, ...(LIMIT && { serverMemoryLimit: LIMIT }) });
const log = (from, to) => {
  for (let i = from; i < to; i++)
    rec.log("a", new rr.TextLog(`${i} ${"x".repeat(200)}`), { time: { frame: { sequence: i } } });
};
log(0, 5);
rec.log("fixed", new rr.TextLog("always"), { static: true });
rec.sendBlueprint(new Blueprint(new TextLogView({ origin: "/a" })));
log(5, Number(ROWS));
await rec.flush({ timeoutMillis: 60_000 });
console.log(url);
process.stdin.once("data", async () => {
  log(Number(ROWS), Number(ROWS) + 3);
  await rec.flush({ timeoutMillis: 60_000 });
});
process.stdin.once("end", () => rec.shutdown({}));
