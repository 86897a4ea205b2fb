import { runWriterThread } from "../../../src/pipeline/writer-thread/run-writer-thread.ts";

// the writer thread without a layout: what the pipeline's tests need of it
runWriterThread();
