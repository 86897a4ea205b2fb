import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InlineTransportOptions } from "../../../src/pipeline/inline-transport.ts";
import type { RecordingStats } from "../../../src/pipeline/recording-stats.ts";
import { openRrd, type RrdReader } from "../../../src/reader.ts";
import { type FileLayer, nodeFiles } from "../../../src/sinks/file/file-layer.ts";
import type { FileSinkOptions } from "../../../src/sinks/file/file-sink-options.ts";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import type { FileSinkSpec } from "../../../src/sinks/sink.ts";
import { recording } from "./recorded.ts";

/** A row as it is found: its entity and its frame, which no other row has. */
export type FoundRow = readonly [path: string, frame: number];

export interface JournaledOptions {
  readonly spec?: Partial<FileSinkSpec>;
  readonly files?: FileSinkOptions;
  readonly transport?: InlineTransportOptions;
  readonly definition?: Parameters<typeof recording>[1];
}

/**
 * A recording on a file with a journal, in a folder of its own. `settle` is the end of a tick: everything read until then is in
 * the file or its journal.
 */
export function journaled({ spec = {}, files = {}, transport = {}, definition = {} }: JournaledOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-journal-"));
  const path = join(folder, "run.rrd");
  const warnings: string[] = [];
  const made = recording({ files, onWarning: (text) => warnings.push(text), ...transport }, definition);
  const sinks = [
    {
      kind: "file" as const,
      ...openFile(path, { isAtomic: spec.isAtomic }),
      writeFooter: true,
      journal: true,
      ...spec,
    },
  ];
  made.transport.requestSync({ type: "set-sinks", recording: 1, sinks });
  return {
    ...made,
    folder,
    path,
    warnings,
    settle: (): RecordingStats => made.stats(),
    close: () => made.transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a process leaves that is killed now. */
export function copyOf(folder: string, to: string): string {
  mkdirSync(to, { recursive: true });
  cpSync(folder, to, { recursive: true, verbatimSymlinks: true });
  return join(to, "run.rrd");
}

/** Real files, with a call before each step that a process may be killed before. */
export function steppedFiles(onStep: (step: keyof FileLayer) => void): FileLayer {
  const stepped = <K extends keyof FileLayer>(name: K): FileLayer[K] =>
    ((...args: unknown[]) => {
      onStep(name);
      return (nodeFiles[name] as (...args: unknown[]) => unknown)(...args);
    }) as FileLayer[K];
  return {
    ...nodeFiles,
    write: stepped("write"),
    create: stepped("create"),
    unlink: stepped("unlink"),
    truncate: stepped("truncate"),
    rename: stepped("rename"),
  };
}

export async function rowsIn(path: string): Promise<readonly FoundRow[]> {
  return rowsOf(await openRrd(path));
}

export async function rowsOf(reader: RrdReader): Promise<readonly FoundRow[]> {
  const rows: { id: string; row: FoundRow }[] = [];
  for await (const { entityPath, numRows, timelines, rowIds } of reader.chunks()) {
    const frame = timelines.find(({ name }) => name === "frame");
    if (frame === undefined) continue;
    for (let row = 0; row < numRows; row++) {
      const id = Buffer.from(rowIds.subarray(16 * row, 16 * row + 16)).toString("hex");
      rows.push({ id, row: [entityPath, Number(frame.get(row))] });
    }
  }
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return rows.map(({ row }) => row);
}
