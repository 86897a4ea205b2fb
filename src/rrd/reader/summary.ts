import { Type } from "../../arrow/ipc/format.ts";
import type { ChunkSummary, ComponentSummary, TimelineSummary } from "../log-message.ts";
import { columnType } from "./column-type.ts";
import type { RrdChunk, RrdComponentColumn } from "./rrd-chunk.ts";

/**
 * What an index says of a chunk that is copied. Components in types that no index of ours can describe are left out of it; they
 * are in the chunk all the same.
 */
export function summaryOf(chunk: RrdChunk): ChunkSummary {
  const { id, entityPath, numRows } = chunk;
  return {
    id,
    entityPath,
    numRows,
    uncompressedBytes: chunk.ipc().length,
    timelines: chunk.timelines.map(({ name, type, times }): TimelineSummary => ({ name, type, ...range(times) })),
    components: chunk.components.flatMap((component) => componentOf(component, chunk)),
  };
}

function componentOf(
  { archetype, component, componentType, column }: RrdComponentColumn,
  chunk: RrdChunk,
): ComponentSummary[] {
  const { field, values } = column;
  const type = field.type.typeId === Type.List ? columnType(field.type.children[0].type) : undefined;
  if (type === undefined) return [];
  const rows: number[] = [];
  for (let row = 0; row < chunk.numRows; row++) if (!values.nullCount || values.isValid(row)) rows.push(row);
  const { offsets } = values;
  return [
    {
      descriptor: {
        component,
        ...(archetype !== undefined && { archetype }),
        ...(componentType !== undefined && { componentType }),
      },
      type,
      isEmpty: rows.every((row) => offsets?.[row] === offsets?.[row + 1]),
      numRows: rows.length,
      ranges: rows.length === 0 ? [] : chunk.timelines.map(({ times }) => range(times, rows)),
    },
  ];
}

function range(times: BigInt64Array, rows?: readonly number[]): { start: bigint; end: bigint } {
  let start = rows === undefined ? times[0] : times[rows[0] as number];
  let end = start;
  const length = rows?.length ?? times.length;
  for (let i = 0; i < length; i++) {
    const time = times[rows === undefined ? i : (rows[i] as number)] as bigint;
    if (time < (start as bigint)) start = time;
    if (time > (end as bigint)) end = time;
  }
  return { start: start ?? 0n, end: end ?? 0n };
}
