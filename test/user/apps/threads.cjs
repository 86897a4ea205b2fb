// THREADS worker threads log COUNT numbers each into one recording.
const { Worker, isMainThread, workerData } = require("node:worker_threads");
const rr = require("otel-rerun");

const { PATH_OF_FILE, THREADS, COUNT } = process.env;
if (isMainThread) {
  const rec = rr.init("threads");
  rec.save(PATH_OF_FILE);
  const handle = rec.share();
  for (let no = 0; no < Number(THREADS); no++) new Worker(__filename, { workerData: { handle, no } });
} else {
  const rec = rr.RecordingStream.attach(workerData.handle);
  for (let i = 0; i < Number(COUNT); i++) rec.log(`thread/${workerData.no}`, new rr.Scalars(i));
}
