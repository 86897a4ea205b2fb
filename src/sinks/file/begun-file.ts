import { existsSync } from "node:fs";
import { RerunError } from "../../errors.ts";
import type { AddChunk, BegunStream } from "../../rrd/rrd-file-writer.ts";
import type { FileSinkSpec } from "../sink.ts";
import { type FileLayer, isFileOf, removeFile, stateOf } from "./file-layer.ts";
import { removeJournals } from "./journal-file.ts";
import { LATER } from "./open-file.ts";
import type { WrittenBefore } from "./read-back.ts";
import { completeOf, type SegmentNames } from "./segment-names.ts";

/** An open file that a segment is written to. */
export interface BegunFile {
  readonly path: string;
  readonly fd: number;
  /** What is in it stays. */
  readonly resumed?: BegunStream;
  readonly rows?: number;
}

/** Its permissions are those of the files that follow. */
interface FirstFile extends BegunFile {
  readonly mode: number;
}

/**
 * Where a run of segments begins, or goes on after another writer.
 * @param before what that one had written
 * @throws as `node:fs`, RerunError ERR_RERUN_SINK
 */
export function firstFile(
  files: FileLayer,
  { path, fd, resume }: FileSinkSpec,
  names: SegmentNames,
  before: WrittenBefore | undefined,
): FirstFile {
  if (resume === undefined) {
    takeBack(files, names, names.written, (complete) => isFileOf(fd, complete));
    return beginFile(files, names.written, fd);
  }
  if (resume.segment === undefined || before === undefined) {
    throw new RerunError("ERR_RERUN_SINK", `${path} could not be written by the writer before`);
  }
  takeBack(files, names, before.path, existsSync);
  return resumeFile(files, before, resume.segment.rows);
}

/** Another writer may have completed an atomic file and given it its name, and be gone before anybody was told. */
function takeBack(files: FileLayer, names: SegmentNames, path: string, isIt: (complete: string) => boolean): void {
  const complete = names.final(path);
  if (complete !== path && !existsSync(path) && isIt(complete)) files.rename(complete, path);
}

/** What another writer put into the file, that was gone before it could say so, comes once more. */
function beginFile(files: FileLayer, path: string, opened: number): FirstFile {
  const fd = opened === LATER ? files.append(path) : opened;
  const { mode, size } = stateOf(fd);
  if (size === 0) return { path, fd, mode };
  const again = files.append(path);
  files.close(fd);
  files.truncate(again, 0);
  removeJournals(files, path); // their rows are read again, and get ids anew
  return { path, fd: again, mode };
}

/** The file of another writer, cut to what was known to be in it. It gets a footer if all of that can be read. */
function resumeFile(files: FileLayer, before: WrittenBefore, rows: number): FirstFile {
  const { path, byteLength } = before;
  const fd = files.append(path);
  files.truncate(fd, byteLength);
  removeJournals(files, path);
  const earlier = (add: AddChunk): boolean =>
    before.each((message, offset) => message.kind === "arrow" && add(message, offset));
  return { path, fd, mode: stateOf(fd).mode, rows, resumed: { byteLength, earlier } };
}

/** What a writer that is gone had begun and put into a segment comes once more. It may have been complete, and have its name. */
export function removeSegment(files: FileLayer, path: string): void {
  for (const name of new Set([path, completeOf(path)])) {
    removeFile(files, name);
    removeJournals(files, name);
  }
}
