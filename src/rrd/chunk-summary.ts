import type { ArrayData } from "../arrow/array-data.ts";
import type { Chunk, TimelineColumn } from "./chunk.ts";
import { instanceType } from "./chunk-schema.ts";
import type { ChunkSummary, ComponentSummary, TimelineSummary } from "./log-message.ts";

/** What the manifest says of a chunk. Copies what it keeps: the memory of a chunk is used again. */
export function summarizeChunk(chunk: Chunk, uncompressedBytes: number): ChunkSummary {
  const timelines = chunk.timelines.map(summarizeTimeline);
  const components = chunk.components.map((column): ComponentSummary => {
    const { list, descriptor } = column;
    const numRows = list.length - list.nullCount;
    // the timelines' own ranges where no row is missing, which is nearly always: it saves the memory of a copy per chunk
    const ranges = list.nullCount === 0 ? timelines : rangesWhereValid(chunk.timelines, list);
    return { descriptor, type: instanceType(column), isEmpty: isEmpty(list), numRows, ranges };
  });
  const { id, entityPath, numRows } = chunk;
  return { id: id.slice(), entityPath, numRows, uncompressedBytes, timelines, components };
}

function summarizeTimeline({ name, type, times, isSorted }: TimelineColumn): TimelineSummary {
  if (!isSorted) return { name, type, ...range(times, () => true) };
  return { name, type, start: times[0] as bigint, end: times[times.length - 1] as bigint };
}

/** Nothing if no row is valid. */
function rangesWhereValid(timelines: readonly TimelineColumn[], list: ArrayData): ComponentSummary["ranges"] {
  if (list.nullCount === list.length) return [];
  const validity = list.buffers[0] as Uint8Array;
  const isValid = (row: number): boolean => (((validity[row >> 3] as number) >> (row & 7)) & 1) === 1;
  return timelines.map(({ times }) => range(times, isValid));
}

function range(times: BigInt64Array, counts: (row: number) => boolean): { start: bigint; end: bigint } {
  let start: bigint | undefined;
  let end: bigint | undefined;
  for (const [row, time] of times.entries()) {
    if (!counts(row)) continue;
    if (start === undefined || time < start) start = time;
    if (end === undefined || time > end) end = time;
  }
  return { start: start as bigint, end: end as bigint };
}

/** No row has an instance. */
function isEmpty({ buffers, length }: ArrayData): boolean {
  const offsets = buffers[1] as Uint8Array;
  if (offsets.length === 0) return true;
  const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  return view.getInt32(4 * length, true) === view.getInt32(0, true);
}
