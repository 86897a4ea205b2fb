import { createInlineTransport } from "./pipeline/inline-transport.ts";
import { ThreadTransport } from "./pipeline/thread-transport.ts";
import type { Transport } from "./pipeline/transport.ts";
import { startWriterThread } from "./pipeline/writer-thread/start-writer-thread.ts";
import type { WriterHandle } from "./pipeline/writer-thread/thread-messages.ts";
import { callBatcherHooks } from "./recording/batcher-settings.ts";
import { processState } from "./recording/process/process-state.ts";
import { isInline, offerWriter, processWriter } from "./recording/process/process-writer.ts";
import { warn, warnOnce } from "./recording/warnings.ts";
import { createExpander } from "./telemetry/layout/expander.ts";
import { writerThreadSource } from "./writer-thread-source.ts";

/**
 * The one place where the pipeline, which knows nothing of spans, and the layout, which knows nothing of chunks, meet. The
 * transport is made at the first row of the process.
 */
export function installWriter(): void {
  processState().hooks.createTransport ??= createTransport;
  if (writerThreadSource !== undefined) offerWriter();
}

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
  if (isInline() || source === undefined) return createInlineTransport(common);
  const writer = processWriter();
  const known = joins ?? (writer.isInherited ? writer.handle : undefined);
  return new ThreadTransport({
    ...common,
    start: (data) => startWriterThread(source, data),
    files: { loadReader: async () => (await import("./rrd/reader/written-messages.ts")).writtenMessages },
    ...(known ? { joins: known } : { offers: writer }),
  });
}
