import { RerunError } from "../../errors.ts";
import type { FileLayer } from "../../sinks/file/file-layer.ts";
import type { WriterControl } from "./writer-control.ts";

/** A file layer that stops when another writer has taken over, and closes files only when `closeEnded` says that they ended. */
export interface GuardedFiles extends FileLayer {
  /** Returns the first error: it comes after the sink has ended. */
  closeEnded(): Error | undefined;
}

/**
 * What a writer thread writes through. A thread that was given up may wake up again: its successor writes the same files now, so it
 * must not touch them. And a descriptor that a checkpoint names stays open, or its number could belong to another file by the time
 * a successor cuts it.
 */
export function guardFiles(files: FileLayer, control: WriterControl): GuardedFiles {
  let ended: number[] = [];
  return {
    ...files,
    write: (fd, bytes, offset, length) => control.asWriter(() => files.write(fd, bytes, offset, length)),
    truncate: (fd, length) => control.asWriter(() => files.truncate(fd, length)),
    unlink: (path) => control.asWriter(() => files.unlink(path)),
    rename: (from, to) => control.asWriter(() => files.rename(from, to)),
    close: (fd) => {
      ended.push(fd);
    },
    closeEnded() {
      let failed: Error | undefined;
      for (const fd of ended) {
        try {
          files.close(fd);
        } catch (cause) {
          const reason = (cause as Error).message;
          failed ??= new RerunError("ERR_RERUN_SINK", `a file could not be written: ${reason}`, { cause });
        }
      }
      ended = [];
      return failed;
    },
  };
}
