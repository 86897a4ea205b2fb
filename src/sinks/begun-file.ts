import type { BegunStream } from "../rrd/rrd-file-writer.ts";
import { type FileLayer, removeFile, stateOf } from "./file-layer.ts";
import { removeJournals } from "./journal-file.ts";
import { LATER } from "./open-file.ts";
import { type LoadReader, readBack } from "./read-back.ts";
import { completeOf } from "./segment-names.ts";

/** An open file that a segment is written to. */
export interface BegunFile {
  readonly path: string;
  readonly fd: number;
  /** What is in it stays. */
  readonly resumed?: BegunStream;
}

/** Its permissions are those of the files that follow. */
export interface FirstFile extends BegunFile {
  readonly mode: number;
}

/**
 * The file of a sink, opened or to be opened. What another writer put into it, that was gone before it could say so, comes once more.
 * @throws as `node:fs`
 */
export function beginFile(files: FileLayer, path: string, opened: number): FirstFile {
  const fd = opened === LATER ? files.append(path) : opened;
  const { mode, size } = stateOf(fd);
  if (size === 0) return { path, fd, mode };
  const again = files.append(path);
  files.close(fd);
  files.truncate(again, 0);
  removeJournals(files, path); // their rows are read again, and get ids anew
  return { path, fd: again, mode };
}

/**
 * The file of another writer, cut to what was known to be in it. The footer comes if the reader has been loaded by then, which is
 * needed for the chunks that are there already.
 * @throws as `node:fs`
 */
export function resumeFile(
  files: FileLayer,
  { path, byteLength }: { readonly path: string; readonly byteLength: number },
  loadReader: LoadReader | undefined,
): FirstFile {
  const fd = files.append(path);
  files.truncate(fd, byteLength);
  removeJournals(files, path);
  let read: Awaited<ReturnType<LoadReader>> | undefined;
  void loadReader?.().then((loaded) => {
    read = loaded;
  });
  return {
    path,
    fd,
    mode: stateOf(fd).mode,
    resumed: { byteLength, earlier: (add) => read !== undefined && readBack(read, path, byteLength, add) },
  };
}

/** What a writer that is gone had begun and put into a segment comes once more. It may have been complete, and have its name. */
export function removeSegment(files: FileLayer, path: string): void {
  for (const name of new Set([path, completeOf(path)])) {
    removeFile(files, name);
    removeJournals(files, name);
  }
}
