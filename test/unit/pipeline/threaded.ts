import { buildWriterThread } from "../../../scripts/writer-thread-source.mts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
import { ThreadTransport, type ThreadTransportOptions } from "../../../src/pipeline/thread-transport.ts";
import { startWriterThread } from "../../../src/pipeline/writer-thread/start-writer-thread.ts";
import { writtenMessages } from "../../../src/rrd/reader/written-messages.ts";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import { scalar } from "./harness.ts";
import { frameTimes } from "./recorded.ts";

let source: Promise<string> | undefined;

/** The writer thread's program, built from the sources once. */
export function writerThreadSource(): Promise<string> {
  source ??= buildWriterThread({}, "test/unit/pipeline/bare-writer-thread.ts");
  return source;
}

/** A recording, number 1, whose writer is a thread. */
export async function threaded(
  options: Partial<ThreadTransportOptions> = {},
  source: Promise<string> = writerThreadSource(),
) {
  const program = await source;
  const warnings: string[] = [];
  const transport = new ThreadTransport({
    start: (data) => startWriterThread(program, data),
    onWarning: (message) => warnings.push(message),
    files: { loadReader: async () => writtenMessages },
    ...options,
  });
  const encoder = new RowEncoder(transport, { onFailure: () => {} });
  transport.define({
    type: "recording",
    no: 1,
    store: { kind: "recording", applicationId: "app", recordingId: "rec" },
  });
  return {
    transport,
    encoder,
    warnings,
    log: (path: string, frame: number): boolean =>
      encoder.logRow(1, path, frameTimes(frame), [{ spec: scalar, values: frame }], performance.now(), 0),
    save(path: string): void {
      const file = openFile(path);
      transport.post({ type: "set-sinks", recording: 1, sinks: [{ kind: "file", ...file, writeFooter: true }] });
    },
    toMemory: () => transport.post({ type: "set-sinks", recording: 1, sinks: [{ kind: "memory", id: 1 }] }),
    flush: () => transport.request({ type: "flush", timeoutMillis: 5000 }),
    close: () => transport.request({ type: "close", recording: 1, timeoutMillis: 5000 }),
    stats: () => transport.requestSync({ type: "stats", recording: 1 }).stats,
    async end(): Promise<void> {
      await transport.thread?.kill();
    },
  };
}
