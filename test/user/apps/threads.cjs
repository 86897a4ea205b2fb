// THREADS worker threads log COUNT numbers each into one recording, while TASKS async tasks of the main thread, which interleave at every
// await, log ten each: task n into recording n % 10, through whatever is active there.
const { Worker, isMainThread, workerData } = require("node:worker_threads");
const rr = require("otel-rerun");

const { PATH_OF_FILE, FOLDER_OF_TASKS, THREADS, COUNT, TASKS } = process.env;
if (isMainThread) {
  const rec = rr.init("threads");
  rec.save(PATH_OF_FILE);
  const handle = rec.share();
  for (let no = 0; no < Number(THREADS); no++) new Worker(__filename, { workerData: { handle, no } });
  const recordings = Array.from({ length: 10 }, (_, no) => {
    const own = new rr.RecordingStream("tasks");
    own.save(`${FOLDER_OF_TASKS}/${no}.rrd`);
    return own;
  });
  for (let n = 0; n < Number(TASKS); n++) void recordings[n % 10].with(() => task(n));
} else {
  const rec = rr.RecordingStream.attach(workerData.handle);
  for (let i = 0; i < Number(COUNT); i++) rec.log(`thread/${workerData.no}`, new rr.Scalars(i));
}

async function task(n) {
  for (let step = 0; step < 10; step++) {
    await new Promise((resolve) => (n % 2 ? setImmediate(resolve) : setTimeout(resolve, n % 5)));
    rr.log(`task/${n}`, new rr.Scalars(step));
  }
}
