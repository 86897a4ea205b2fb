// A worker that never rests logs COUNT numbers, then MODE happens: "exit", the process ends at once; "terminate", the worker is killed in
// its loop and the process goes on; "churn", so many short workers one after the other, whose memory has to go.
const { Worker, isMainThread, workerData } = require("node:worker_threads");
const rr = require("otel-rerun");

const { PATH_OF_FILE, MODE, COUNT, DELAY } = process.env;
if (!isMainThread) {
  const rec = rr.RecordingStream.attach(workerData.handle);
  for (let i = 0; i < Number(COUNT); i++) rec.log("n", new rr.Scalars(i));
  const { done } = workerData;
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
  if (MODE !== "churn") for (;;);
} else {
  const rec = rr.init("thread-ends");
  rec.save(PATH_OF_FILE);
  const done = new Int32Array(new SharedArrayBuffer(4));
  const start = () => new Worker(__filename, { workerData: { handle: rec.share(), done } });
  if (MODE === "churn") void churn(rec, start);
  else {
    const worker = start();
    Atomics.wait(done, 0, 0);
    setTimeout(() => {
      if (MODE === "exit") process.exit(3);
      void worker.terminate().then(() => rec.log("after", new rr.Scalars(0)));
    }, Number(DELAY));
  }
}

async function churn(rec, start) {
  for (let round = 0; round < 40; round++) {
    await new Promise((resolve) => start().once("exit", resolve));
  }
  await rec.flush();
}
