// C33: under register, a process whose child and worker call `init` for the same application, and for another.
import { fork } from "node:child_process";
import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import * as rr from "otel-rerun";

const ids = () => ({ same: rr.init("family").recordingId, other: rr.init("stranger").recordingId });
if (!isMainThread) parentPort.postMessage(ids());
else if (process.send) {
  process.send(ids());
  process.disconnect();
} else {
  const self = new URL(import.meta.url);
  const [child] = await once(fork(self), "message");
  const [worker] = await once(new Worker(self), "message");
  console.log(JSON.stringify({ parent: rr.init("family").recordingId, child, worker }));
}
