import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type ConvertInput, type ConvertOptions, type ConvertResult, convert } from "../../../src/bridges.ts";
import { openRrd } from "../../../src/reader.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { Span } from "../../../src/telemetry/model.ts";
import { spansOf } from "../../../src/telemetry/span-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "bridges-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

export function newFile(): string {
  return join(folder, `${++files}.rrd`);
}

export interface Converted {
  readonly path: string;
  readonly result: ConvertResult;
}

/** A file converted as the command line does. */
export async function convertToFile(input: ConvertInput, options: ConvertOptions = {}): Promise<Converted> {
  const path = newFile();
  const recording = new RecordingStream("converted", { sendProperties: false, telemetry: { clock: "data" } });
  recording.save(path);
  try {
    return { path, result: await convert(input, recording, options) };
  } finally {
    await recording.shutdown({ timeoutMillis: 60_000 });
  }
}

/** The rows of one entity of the run's recording: timeline or component → value. */
export async function rowsOf(
  path: string,
  entityPath: string,
  recordingId?: string,
): Promise<Record<string, unknown>[]> {
  const reader = await openRrd(path);
  const run = reader
    .recordings()
    .find(({ kind, applicationId, recordingId: id }) =>
      recordingId === undefined ? kind === "recording" && !applicationId.endsWith(" requests") : id === recordingId,
    );
  const rows: Record<string, unknown>[] = [];
  if (run === undefined) return rows;
  for await (const chunk of reader.chunks({ ...run, entityPath })) {
    for (let row = 0; row < chunk.numRows; row++) {
      const entries = [
        ...chunk.timelines.map((timeline) => [timeline.name, timeline.get(row)] as const),
        ...chunk.components.map((column) => [column.component, column.get(row)?.[0]] as const),
      ];
      rows.push(Object.fromEntries(entries));
    }
  }
  return rows;
}

/** The spans of a file, from its span table. */
export async function spansIn(path: string): Promise<Span[]> {
  const reader = await openRrd(path);
  const spans: Span[] = [];
  for (const recording of reader.recordings()) {
    if (recording.kind !== "recording" || recording.applicationId.endsWith(" requests")) continue;
    for await (const { entityPath, numRows, timelines, components } of reader.chunks({
      ...recording,
      entityPath: "/spans",
    })) {
      const named = components.map((column) => ({ name: column.component, get: (row: number) => column.get(row) }));
      spans.push(...spansOf({ entityPath, numRows, timelines: timelines as never, components: named }));
    }
  }
  return spans;
}
