import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { Claim, WriterControl } from "../../../src/pipeline/writer-thread/writer-control.ts";

it("lets a thread that has lost the claim do nothing more", () => {
  const control = new WriterControl();
  control.tryClaim(Claim.thread);
  expect(control.asWriter(() => "written")).toBe("written");
  control.seize();
  expect(() => control.asWriter(() => "written")).toThrow("another thread has taken over");
  expect(control.isWriting).toBe(false);
});

it("is seized when what the thread does just now is over", async () => {
  const control = new WriterControl();
  control.tryClaim(Claim.thread);
  const done = new Int32Array(new SharedArrayBuffer(4));
  // the word that says so, set as by a thread inside of `asWriter`
  const program = `
    const { workerData: { words, done }, parentPort } = require("node:worker_threads");
    Atomics.store(words, 32, 1);
    parentPort.postMessage("inside");
    Atomics.wait(done, 0, 0, 100);
    Atomics.store(done, 0, 1);
    Atomics.store(words, 32, 0);`;
  const worker = new Worker(program, { eval: true, workerData: { words: new Int32Array(control.buffer), done } });
  await new Promise((resolve) => worker.once("message", resolve));
  expect(control.isWriting).toBe(true);
  control.seize();
  expect(Atomics.load(done, 0)).toBe(1);
  await worker.terminate();
});
