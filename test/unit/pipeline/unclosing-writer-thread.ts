import { runWriterThread } from "../../../src/pipeline/writer-thread/run-writer-thread.ts";
import { nodeFiles } from "../../../src/sinks/file/file-layer.ts";

// a writer thread whose disk says only at the end of a file that it could not be written, as that of a network may
runWriterThread(undefined, {
  ...nodeFiles,
  close(fd) {
    nodeFiles.close(fd);
    throw Object.assign(new Error("EIO: injected"), { code: "EIO" });
  },
});
