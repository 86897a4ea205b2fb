// Workers log COUNT numbers each into a file of their own, the thread that starts them has loaded the package and records nothing. MODE:
// "exit", the process ends when they have logged; "held", the same, while the first thread has never rested since it started them;
// "terminate", they are killed; "caught", the same, and the process ends in the moment that the writer takes its place; "nested", one
// worker starts another one and all ends; "again", two one after the other write to the same path, and each of them twice. LOAD:
// "require" or "import".
const { readdirSync } = require("node:fs");
const { Worker, getEnvironmentData, isMainThread, parentPort, workerData } = require("node:worker_threads");

const { FOLDER, MODE, COUNT, DELAY, LOAD } = process.env;
const load = async () => (LOAD === "import" ? await import("otel-rerun") : require("otel-rerun"));
const start = (no, data = {}) => new Worker(__filename, { workerData: { no, ...data } });
const told = (worker) => new Promise((resolve) => worker.once("message", resolve));
const later = () => new Promise((resolve) => setTimeout(resolve, Number(DELAY)));

if (isMainThread) {
  if (LOAD === "require") run(require("otel-rerun"));
  else void load().then(run);
} else if (workerData.starts) {
  void load().then(async () => {
    const inner = start(1);
    await told(inner);
    await inner.terminate();
    parentPort.postMessage("logged");
  });
} else void load().then(MODE === "again" ? twice : record);

function run() {
  if (MODE === "held") {
    const done = new Int32Array(new SharedArrayBuffer(4));
    for (const no of [1, 2]) start(no, { done });
    for (let seen = 0; seen < 2; seen = Atomics.load(done, 0)) Atomics.wait(done, 0, seen);
    process.exit(3);
  }
  void end();
}

async function end() {
  if (MODE === "again") {
    for (let round = 0; round < 2; round++) {
      const worker = start(1);
      console.log(await told(worker));
      await worker.terminate();
      await later();
    }
    return;
  }
  const workers = MODE === "nested" ? [start(0, { starts: true })] : [start(1), start(2)];
  await Promise.all(workers.map(told));
  await later();
  if (MODE !== "exit" && MODE !== "nested") for (const worker of workers) await worker.terminate();
  if (MODE === "caught") await writerBegins();
  if (MODE !== "terminate") process.exit(3);
}

/** Its first word says who writes: nobody yet, 0. */
async function writerBegins() {
  const words = new Int32Array(getEnvironmentData("otel-rerun/1 writer").control);
  while (Atomics.load(words, 0) === 0) await new Promise(setImmediate);
}

function record(rr) {
  const rec = rr.init("alone");
  rec.save(`${FOLDER}/${workerData.no}.rrd`);
  for (let i = 0; i < Number(COUNT); i++) rec.log("n", new rr.Scalars(i));
  if (MODE === "held") {
    Atomics.add(workerData.done, 0, 1);
    Atomics.notify(workerData.done, 0);
    for (;;);
  }
  parentPort.postMessage(readdirSync(FOLDER).join(" "));
  setInterval(() => {}, 1000);
}

async function twice(rr) {
  const first = new rr.RecordingStream("first");
  first.save(`${FOLDER}/1.rrd`);
  await first.shutdown();
  record(rr);
}
