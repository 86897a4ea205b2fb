import { runWriterThread } from "../../../src/pipeline/writer-thread/run-writer-thread.ts";
import { nodeFiles } from "../../../src/sinks/file/file-layer.ts";

const nobody = new Int32Array(new SharedArrayBuffer(4));

// a writer thread whose disk takes a few kilobytes at a time, and rests before each
runWriterThread(undefined, {
  ...nodeFiles,
  write(fd, bytes, offset, length) {
    Atomics.wait(nobody, 0, 0, 50);
    return nodeFiles.write(fd, bytes, offset, Math.min(length, 8 << 10));
  },
});
