import { writeSync } from "node:fs";
import { type FileLayer, nodeFiles } from "../../../src/sinks/file/file-layer.ts";

export interface Faults {
  /** No write takes more bytes than this. */
  shortWrites?: number;
  /** How many writes from now on say EAGAIN. */
  again?: number;
  /** Bytes until the disk is full. */
  space?: number | undefined;
  /** Every write fails with EIO. */
  broken?: boolean;
  /** So does every close. */
  brokenClose?: boolean;
  /** And every sync. */
  brokenSync?: boolean;
  /** Files that were synced, in their order. */
  synced?: number[];
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** Real files behind faults that can be switched while a sink is writing. */
export function faultyFiles(faults: Faults): FileLayer {
  return {
    ...nodeFiles,
    write(fd, bytes, offset, length) {
      if (faults.broken === true) throw failure("EIO");
      if ((faults.again ?? 0) > 0) {
        faults.again = (faults.again ?? 0) - 1;
        throw failure("EAGAIN");
      }
      const wanted = Math.min(length, faults.shortWrites ?? length, faults.space ?? length);
      if (wanted === 0) throw failure("ENOSPC");
      const written = writeSync(fd, bytes, offset, wanted);
      if (faults.space !== undefined) faults.space -= written;
      return written;
    },
    close(fd) {
      nodeFiles.close(fd);
      if (faults.brokenClose === true) throw failure("EIO");
    },
    sync(fd) {
      if (faults.brokenSync === true) throw failure("EIO");
      faults.synced?.push(fd);
    },
    syncLater(fd, done) {
      faults.synced?.push(fd);
      done(faults.brokenSync === true ? failure("EIO") : null);
    },
  };
}
