// Logs rows to a sink that does not take them, in the state that STATE says, and tells what `flush` and `shutdown` say, after how long.
const { randomBytes } = require("node:crypto");
const { setTimeout: sleep } = require("node:timers/promises");
const rr = require("otel-rerun");

const { STATE, URL: url, CONNECTION, DEADLINE } = process.env;
const timeoutMillis = Number(DEADLINE);

async function timed(work) {
  const start = performance.now();
  const { code = "delivered", sinks = [] } = await work().then(
    (result) => result ?? {},
    (error) => error,
  );
  return { code, status: sinks[0]?.status, millis: performance.now() - start };
}

async function main() {
  // where the writer is a thread, it is up: its start is no state of a sink
  const first = new rr.RecordingStream("first");
  first.memoryRecording();
  first.log("n", new rr.Scalars(0));
  await first.shutdown({ timeoutMillis: 20_000 });

  const rec = new rr.RecordingStream("deadlines");
  if (STATE === "stuck pipe") rec.stdout();
  else if (STATE === "slow callback") rec.setSinks([new rr.CallbackSink(() => new Promise(() => {}))]);
  else rec.connectGrpc(url);
  // more than a pipe, or the window of a connection, has room for
  for (let i = 0; i < 4000; i++) rec.log("n", new rr.TextLog(randomBytes(200).toString("hex")));
  const isThere = () => CONNECTION === undefined || CONNECTION === rec.stats().sinks[0]?.connection;
  for (let i = 0; i < 1000 && !isThere(); i++) await sleep(10);
  const { connection } = rec.stats().sinks[0] ?? {};
  const flush = await timed(() => rec.flush({ timeoutMillis }));
  const shutdown = await timed(() => rec.shutdown({ timeoutMillis }));
  const again = await timed(() => rec.shutdown({ timeoutMillis }));
  console.error(JSON.stringify({ connection, flush, shutdown, again }));
}
main();
