import { getEnvironmentData, isMainThread, setEnvironmentData, type Worker } from "node:worker_threads";
import { createInlineTransport } from "./pipeline/inline-transport.ts";
import { startWriterThread } from "./pipeline/start-writer-thread.ts";
import type { WriterHandle } from "./pipeline/thread-messages.ts";
import { ThreadTransport } from "./pipeline/thread-transport.ts";
import type { Transport } from "./pipeline/transport.ts";
import { tellLeft } from "./pipeline/writer-hub.ts";
import { callBatcherHooks } from "./recording/batcher-settings.ts";
import { processState } from "./recording/process-state.ts";
import { warn, warnOnce } from "./recording/warnings.ts";
import { createExpander } from "./telemetry/layout/expander.ts";
import { writerThreadSource } from "./writer-thread-source.ts";

/**
 * The one place where the pipeline, which knows nothing of spans, and the layout, which knows nothing of chunks, meet. The
 * transport is made at the first row of the process.
 */
export function installWriter(): void {
  processState().hooks.createTransport ??= createTransport;
}

/** Where the threads that are started later find the process's writer. */
const WRITER_KEY = "otel-rerun/1 writer";

/**
 * `OTEL_RERUN_WRITER` says where the writer runs: `thread` (default) or `inline`. One thread writes for all threads of the process.
 *
 * @param joins a writer that is there already. Default: the one that the starting thread had.
 */
export function createTransport(joins?: WriterHandle): Transport {
  const where = process.env.OTEL_RERUN_WRITER?.trim().toLowerCase() ?? "";
  if (where !== "" && where !== "thread" && where !== "inline") {
    warnOnce("environment OTEL_RERUN_WRITER", `OTEL_RERUN_WRITER=${where} is neither thread nor inline; it is ignored`);
  }
  const source = writerThreadSource;
  const common = { createExpander, onWarning: warn, onBatcherEvents: callBatcherHooks };
  if (where === "inline" || source === undefined) return createInlineTransport(common);
  const known = joins ?? (isMainThread ? undefined : (getEnvironmentData(WRITER_KEY) as WriterHandle | undefined));
  const transport = new ThreadTransport({
    ...common,
    start: (data) => startWriterThread(source, data),
    files: { loadReader: async () => (await import("./rrd/reader/written-chunks.ts")).writtenChunks },
    ...(known && { joins: known }),
  });
  // one that is terminated cannot say that it is no more
  process.on("worker", (worker: Worker) => {
    const { threadId } = worker;
    worker.once("exit", () => tellLeft(transport.handle.hub, threadId));
  });
  setEnvironmentData(WRITER_KEY, { ...transport.handle });
  return transport;
}
