import type { Batch } from "@uwdata/flechette";
import { TimeUnit, Type } from "../../arrow/ipc/format.ts";
import { parseTuid, TUID_BYTES } from "../../bytes/tuid.ts";
import { RerunError } from "../../errors.ts";
import type { ComponentDescriptor } from "../component-descriptor.ts";
import type { StoreId } from "../store-id.ts";
import type { Timeline, TimelineType } from "../timeline.ts";
import { type ArrowColumn, readBatch } from "./arrow-batch.ts";
import { formatError } from "./format-error.ts";

/** Rows of one entity with one set of timelines. */
export interface RrdChunk {
  readonly recording: StoreId;
  /** TUID, 16 bytes big endian. */
  readonly id: Uint8Array;
  /** Escaped, with a leading slash: `/world/points`. */
  readonly entityPath: string;
  readonly numRows: number;
  /** It has no timelines: its rows hold at all times. */
  readonly isStatic: boolean;
  /** `numRows` TUIDs, 16 bytes each. Where two rows are at the same time the one with the higher id counts. */
  readonly rowIds: Uint8Array;
  readonly timelines: readonly RrdTimelineColumn[];
  readonly components: readonly RrdComponentColumn[];
  /** The chunk as an Arrow IPC stream, for `tableFromIPC` of apache-arrow, DuckDB, pyarrow. Not to be written to. */
  ipc(): Uint8Array;
}

export interface RrdTimelineColumn extends Timeline {
  /** One a row: a sequence number, nanoseconds, or nanoseconds since the Unix epoch, as `type` says. */
  readonly times: BigInt64Array;
  get(row: number): bigint;
}

export interface RrdComponentColumn extends ComponentDescriptor {
  /**
   * The instances that the row has of the component, `[]` if it clears it, `null` if it does not say anything about it.
   *
   * | Arrow                                              | JavaScript                                           |
   * |----------------------------------------------------|------------------------------------------------------|
   * | Boolean, Utf8                                      | `boolean`, `string`                                  |
   * | integers and floats of up to 64 bits               | `number`; `bigint` for Int64 and UInt64              |
   * | Timestamp, Duration                                | `bigint` in the unit of the column, nanoseconds      |
   * | Binary, FixedSizeBinary                            | `Uint8Array`                                         |
   * | List and FixedSizeList of numbers (points, images) | typed array; plain array if there are nulls in it    |
   * | Struct, Map                                        | object, `Map`                                        |
   * | Union                                              | the value of the variant                             |
   * | null                                               | `null`                                               |
   *
   * Typed arrays are views of the chunk: copy them to write to them or to keep them beyond it.
   */
  get(row: number): readonly unknown[] | null;
  /** How the values are stored, for those who index or copy them. */
  readonly column: ArrowColumn;
}

/** Keys of chunk and column metadata; before 0.24 they had a dot in place of the colon (rrd-format §3.10). */
function said(metadata: ReadonlyMap<string, string>, key: string): string | undefined {
  return metadata.get(`rerun:${key}`) ?? metadata.get(`rerun.${key}`);
}

/** @throws RerunError ERR_RERUN_FORMAT if the batch is no chunk (rrd-format §3). */
export function decodeChunk(recording: StoreId, ipc: Uint8Array): RrdChunk {
  const { metadata, numRows, columns } = readBatch(ipc);
  const entityPath = said(metadata, "entity_path");
  if (entityPath === undefined) throw formatError("a chunk without an entity path");
  let rowIds: Uint8Array | undefined;
  const timelines: RrdTimelineColumn[] = [];
  const components: RrdComponentColumn[] = [];
  for (const column of columns) {
    switch (said(column.metadata, "kind")) {
      case "control":
      case "row_id":
        rowIds = rowIdsOf(column, numRows);
        break;
      case "index":
      case "time":
        timelines.push(timelineOf(column, numRows));
        break;
      default:
        components.push(componentOf(column, numRows));
    }
  }
  if (rowIds === undefined) throw formatError("a chunk without row ids");
  return {
    recording,
    id: chunkIdOf(said(metadata, "id")),
    entityPath: entityPath.startsWith("/") ? entityPath : `/${entityPath}`,
    numRows,
    isStatic: timelines.length === 0,
    rowIds,
    timelines,
    components,
    ipc: () => ipc,
  };
}

function chunkIdOf(text = ""): Uint8Array {
  const id = parseTuid(text.replace(/^chunk_/, ""));
  if (id === undefined) throw formatError(`a chunk without an id ("${text.slice(0, 50)}")`);
  return id;
}

function rowIdsOf({ field, values }: ArrowColumn, numRows: number): Uint8Array {
  const type = field.type;
  if (type.typeId !== Type.FixedSizeBinary || type.stride !== TUID_BYTES)
    throw formatError("row ids that are no TUIDs");
  return (values.values as Uint8Array).subarray(0, numRows * TUID_BYTES);
}

function timelineOf({ field, metadata, values }: ArrowColumn, numRows: number): RrdTimelineColumn {
  const name = said(metadata, "index_name") ?? field.name;
  const type = timelineType(field.type as { typeId: number; unit?: number; bitWidth?: number });
  if (type === undefined)
    throw formatError(`a timeline "${name}" of another type than Int64, Duration or Timestamp in ns`);
  for (let row = 0; row < numRows; row++) {
    if (values.at(row) === null) throw formatError(`a row without its time on "${name}"`);
  }
  const times = (values.values as BigInt64Array).subarray(0, numRows);
  return { name, type, times, get: (row) => times[inside(row, numRows)] as bigint };
}

function timelineType({
  typeId,
  unit,
  bitWidth,
}: {
  typeId: number;
  unit?: number;
  bitWidth?: number;
}): TimelineType | undefined {
  if (typeId === Type.Int && bitWidth === 64) return "sequence";
  if (unit !== TimeUnit.NANOSECOND) return undefined;
  if (typeId === Type.Duration) return "duration";
  return typeId === Type.Timestamp ? "timestamp" : undefined;
}

function componentOf(column: ArrowColumn, numRows: number): RrdComponentColumn {
  const { field, metadata, values } = column;
  const archetype = said(metadata, "archetype");
  const componentType = said(metadata, "component_type");
  // a column that is no list holds one instance a row (rrd-format §3.5)
  const instances = field.type.typeId === Type.List ? listOf : (value: unknown): readonly unknown[] => [value];
  return {
    component: said(metadata, "component") ?? field.name,
    ...(archetype !== undefined && { archetype }),
    ...(componentType !== undefined && { componentType }),
    get(row) {
      const value = (values as Batch<unknown>).at(inside(row, numRows));
      return value === null ? null : instances(value);
    },
    column,
  };
}

function listOf(values: unknown): readonly unknown[] {
  return Array.isArray(values) ? values : Array.from(values as ArrayLike<unknown>);
}

function inside(row: number, numRows: number): number {
  if (Number.isInteger(row) && row >= 0 && row < numRows) return row;
  throw new RerunError("ERR_RERUN_ARGUMENT", `row ${row} was asked for; the chunk has rows 0 to ${numRows - 1}`);
}
