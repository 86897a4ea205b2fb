import { runWriterThread } from "../../../src/pipeline/writer-thread/run-writer-thread.ts";

// a writer thread whose layout never comes back from a log record
runWriterThread(() => ({
  open() {},
  define() {},
  record() {
    for (;;);
  },
  tick() {},
  summarize() {},
  close() {},
  forget() {},
}));
