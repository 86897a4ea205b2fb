import { MessageChannel, Worker } from "node:worker_threads";
import { PortLine } from "./port-line.ts";
import type { FromWriter, Line, ToWriter, WriterThreadData } from "./thread-messages.ts";

/** The writer thread, from outside. */
export interface WriterThread extends Line<ToWriter, FromWriter> {
  /** It hears what is posted. Until then `settle` is called now and then, while the ring is at rest. */
  readonly isReady: boolean;
  /** Known also while the event loop is held and `onEnd` cannot come, from the first message on that was taken by `onMessage`. */
  readonly isAlive: boolean;
  settle(): void;
  /** Called once when the thread is no more, with the error that ended it if there was one. */
  onEnd(callback: (error: Error | undefined) => void): void;
  /** Whether waiting for its messages keeps the process alive; the thread itself never does. */
  keepsAlive(keeps: boolean): void;
  kill(): Promise<unknown>;
}

/**
 * What the thread begins with. Given the program itself, `Worker` would parse it once more, only to learn whether it is a module
 * (docs/decisions/0010).
 */
const BEGIN = `{
  const data = require("node:worker_threads").workerData;
  const { source } = data;
  delete data.source;
  require("node:vm").runInThisContext(source, { filename: "otel-rerun-writer.cjs" })(require);
}`;

/**
 * Starts the thread from source: there is no file that a bundler would have to find. Flags and `NODE_OPTIONS` are not handed on, or
 * it would load `register` again, and so would the thread of that one.
 *
 * @throws as `new Worker`, e.g. ERR_ACCESS_DENIED under the permission model
 */
export function startWriterThread(source: string, data: WriterThreadData): WriterThread {
  const { port1, port2 } = new MessageChannel();
  const { NODE_OPTIONS: _, ...env } = process.env;
  const worker = new Worker(BEGIN, {
    eval: true,
    execArgv: [],
    env,
    name: "otel-rerun",
    workerData: { source, data, port: port2 },
    transferList: [port2],
    // files are opened on one thread and closed on another
    trackUnmanagedFds: false,
  });
  worker.unref();
  const line = new PortLine<ToWriter, FromWriter>(port1);
  let isOnline = false;
  const early: FromWriter[] = [];
  let error: Error | undefined;
  worker.on("error", (cause) => {
    error = cause instanceof Error ? cause : new Error(String(cause));
  });
  return {
    isReady: true,
    get isAlive() {
      if (!isOnline) return true;
      const { idle, active } = worker.performance.eventLoopUtilization();
      return active > 0 && idle >= 0; // one that has ended says 0, or −1 if it was asked before
    },
    settle() {},
    post: (message) => line.post(message),
    receive: () => early.shift() ?? line.receive(),
    onMessage(take) {
      // Node may tell what the thread said before it tells that the thread is up, without which nobody can see that it is no more: who
      // has awaited an answer, and never yields again, would wait for a thread that is gone
      line.onMessage((message) => (isOnline ? take(message) : early.push(message)));
      worker.once("online", () => {
        isOnline = true;
        for (const message of early.splice(0)) take(message);
      });
      line.keepsAlive(false);
    },
    onEnd(callback) {
      worker.on("exit", () => callback(error));
    },
    keepsAlive: (keeps) => line.keepsAlive(keeps),
    close: () => line.close(),
    kill: () => worker.terminate(),
  };
}
