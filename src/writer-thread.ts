import { runWriterThread } from "./pipeline/writer-thread/run-writer-thread.ts";
import { createExpander } from "./telemetry/layout/expander.ts";

// The program of the writer thread, as `writer-entry.ts` is that of its process. Built into one string that travels inside the
// package (scripts/writer-thread-source.mts).
runWriterThread(createExpander);
