import * as archetypes from "../../archetypes/generated/index.ts";
import type { ArrayData } from "../../arrow/array-data.ts";
import { componentListType } from "../../arrow/datatype.ts";
import { Type } from "../../arrow/ipc/format.ts";
import { TUID_BYTES } from "../../bytes/tuid.ts";
import { RerunError } from "../../errors.ts";
import { Clock } from "../../pipeline/clock.ts";
import { RowIds } from "../../pipeline/row-ids.ts";
import { now as monotonicNow } from "../../real-time.ts";
import type { TimelineColumn } from "../../rrd/chunk.ts";
import { encodeChunk } from "../../rrd/chunk-encoder.ts";
import type { ComponentSpec } from "../../rrd/component-batch.ts";
import { type ComponentDescriptor, checkDescriptor } from "../../rrd/component-descriptor.ts";
import { parseEntityPath } from "../../rrd/entity-path.ts";
import type { ArrowMessage } from "../../rrd/log-message.ts";
import { arrayData, DICTIONARY, type ForeignField, foreignType, textData } from "../../rrd/reader/arrow-arrays.ts";
import { type ArrowInput, type TableBatch, tableOf } from "../../rrd/reader/arrow-table.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import type { TimelineType } from "../../rrd/timeline.ts";
import { twice } from "../component-batches.ts";
import type { TimelineRegistry } from "../time/timeline-registry.ts";

export interface RecordBatchOptions {
  /**
   * Which columns are times: "auto" (default), those whose metadata says so (`rerun:kind` is `index`); or their names; or null, for
   * rows that are valid at all times.
   */
  readonly index?: "auto" | string | readonly string[] | null;
  /** Of the columns that do not name an entity, neither by metadata nor as `path:component`. */
  readonly entityPath?: string;
}

/** Where a component column goes. */
interface Target {
  readonly entityPath: string;
  readonly column: number;
  readonly descriptor: ComponentDescriptor;
}

const NO_BYTES = new Uint8Array(0);
let ids: RowIds | undefined;

/**
 * The rows of an Arrow table as chunks: one per entity and batch, with new row ids.
 *
 *   frame (index) │ /a:Scalars:scalars │ /b:Text      ─▶   /a [frame, Scalars:scalars]    /b [frame, Text]
 *
 * Columns are copied as they are; one that is no list holds one instance a row.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if it is unclear which columns are times or whose they are, or one comes twice;
 * ERR_RERUN_TIMELINE for a column that holds no times; ERR_RERUN_DATA for types that no component has, and columns without a name.
 */
export function chunksOfTable(
  input: ArrowInput,
  { index = "auto", entityPath }: RecordBatchOptions,
  store: StoreId,
  timelines: TimelineRegistry,
): ArrowMessage[] {
  const { fields, batches } = tableOf(input);
  const indexes = indexColumns(fields, index);
  const byEntity = new Map<string, Target[]>();
  fields.forEach((field, column) => {
    const kind = said(field, "kind");
    if (kind === "control" || kind === "index" || indexes.includes(column)) return;
    const target = targetOf(field, column, entityPath);
    const targets = byEntity.get(target.entityPath) ?? [];
    byEntity.set(target.entityPath, targets);
    if (targets.some(({ descriptor }) => descriptor.component === target.descriptor.component)) {
      throw twice(`component "${target.descriptor.component}" of ${target.entityPath}`);
    }
    targets.push(target);
  });
  const messages: ArrowMessage[] = [];
  for (const batch of batches) {
    if (batch.numRows === 0) continue;
    const times = indexes.map((column) => timesOf(fields[column] as ForeignField, column, batch, timelines));
    times.sort((a, b) => (a.name < b.name ? -1 : 1));
    times.forEach(({ name }, at) => {
      if (name === times[at - 1]?.name) throw twice(`timeline "${name}"`);
    });
    for (const [path, columns] of byEntity) {
      const components = columns.map(({ column, descriptor }) => ({
        descriptor,
        list: listOf(fields[column] as ForeignField, column, batch),
      }));
      const { id, rowIds } = newIds(batch.numRows);
      const rows = { id, entityPath: path, numRows: batch.numRows, rowIds, rowIdsSorted: true };
      const message = encodeChunk(store, { ...rows, timelines: times, components });
      messages.push({ ...message, payload: message.payload.slice() });
    }
  }
  return messages;
}

function said(field: ForeignField, key: string): string | undefined {
  return field.metadata?.get(`rerun:${key}`);
}

function indexColumns(fields: readonly ForeignField[], index: RecordBatchOptions["index"]): number[] {
  if (index === null) return [];
  if (index === "auto" || index === undefined) {
    const found = fields.flatMap((field, column) => (said(field, "kind") === "index" ? [column] : []));
    if (found.length > 0) return found;
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      'no column says that it holds times; name them by { index: "…" }, or pass { index: null } for rows that are static',
    );
  }
  return (typeof index === "string" ? [index] : index).map((name) => {
    const column = fields.findIndex((field) => field.name === name);
    if (column >= 0) return column;
    const names = fields.map((field) => field.name).join(", ");
    throw new RerunError("ERR_RERUN_ARGUMENT", `there is no column "${name}" for an index, only ${names}`);
  });
}

/** By metadata, else by a name such as `/points:Points3D:positions`, else by the option. */
function targetOf(field: ForeignField, column: number, otherwise: string | undefined): Target {
  const inName = /^((?:\/|[^:]*\/)[^:]*):(.+)$/.exec(field.name);
  const path = said(field, "entity_path") ?? inName?.[1] ?? otherwise;
  if (path === undefined) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `column "${field.name}" names no entity; call it "/path:${field.name}", or pass { entityPath }`,
    );
  }
  const component = said(field, "component") ?? inName?.[2] ?? field.name;
  const archetype = said(field, "archetype");
  const componentType = said(field, "component_type");
  const descriptor =
    archetype === undefined && componentType === undefined
      ? (knownDescriptor(component) ?? { component })
      : { component, ...(archetype && { archetype }), ...(componentType && { componentType }) };
  checkDescriptor(descriptor);
  return { entityPath: parseEntityPath(path), column, descriptor };
}

/** What `Points3D:positions` stands for when nothing but the name is there; the footer could not tell the two apart. */
function knownDescriptor(component: string): ComponentDescriptor | undefined {
  const archetype = (archetypes as Readonly<Record<string, unknown>>)[component.replace(/:.*$/, "")];
  const specs = (archetype as { components?: Readonly<Record<string, ComponentSpec>> } | undefined)?.components ?? {};
  return Object.values(specs).find(({ descriptor }) => descriptor.component === component)?.descriptor;
}

const NANOS_PER_UNIT = [1_000_000_000n, 1_000_000n, 1_000n, 1n] as const;
const TIMELINE_TYPES: Readonly<Record<number, TimelineType>> = {
  [Type.Int]: "sequence",
  [Type.Duration]: "duration",
  [Type.Timestamp]: "timestamp",
};

function timesOf(field: ForeignField, column: number, batch: TableBatch, registry: TimelineRegistry): TimelineColumn {
  const { values, type: arrowType, nullCount } = batch.columns[column] as TableBatch["columns"][number];
  const kind = TIMELINE_TYPES[arrowType.typeId];
  if (kind === undefined || nullCount > 0) {
    throw new RerunError(
      "ERR_RERUN_TIMELINE",
      `column "${field.name}" is no index: that needs integers, timestamps or durations, and no nulls`,
    );
  }
  const factor = kind === "sequence" ? 1n : (NANOS_PER_UNIT[(arrowType as { unit?: number }).unit ?? 3] ?? 1n);
  const given = values as unknown as ArrayLike<number | bigint>;
  const times = new BigInt64Array(batch.numRows);
  let isSorted = true;
  for (let row = 0; row < times.length; row++) {
    times[row] = BigInt(given[row] as number | bigint) * factor;
    if (row > 0 && (times[row] as bigint) < (times[row - 1] as bigint)) isSorted = false;
  }
  const { name, type } = registry.timeline(said(field, "index_name") ?? field.name, kind);
  return { name, type, times, isSorted };
}

/** A component column is a list of instances; what is no list is wrapped into lists of one. */
function listOf(field: ForeignField, column: number, batch: TableBatch): ArrayData {
  const foreign = batch.columns[column] as TableBatch["columns"][number];
  const { numRows } = batch;
  if (field.type.typeId === DICTIONARY) {
    const values = Array.from({ length: numRows }, (_, row) => batch.valueAt(column, row) ?? null);
    if (values.every((value) => value === null || typeof value === "string")) {
      return wrapped(textData(values as (string | null)[]));
    }
    throw unsupported(field);
  }
  const type = foreignType(field.type);
  if (type === undefined) throw unsupported(field);
  if (typeof type === "string" || type.kind !== "List") return wrapped(arrayData(foreign, type));
  return { ...arrayData(foreign, type), type: componentListType(type.item.type) };
}

function wrapped(values: ArrayData): ArrayData {
  const offsets = Int32Array.from({ length: values.length + 1 }, (_, i) => i);
  const { length, nullCount, type } = values;
  const hasValidity = typeof type === "string" ? type !== "Null" : type.kind !== "Union";
  const isNullable = hasValidity && nullCount > 0;
  const [validity = NO_BYTES, ...others] = values.buffers;
  return {
    type: componentListType(type),
    length,
    nullCount: isNullable ? nullCount : 0,
    buffers: [isNullable ? validity : NO_BYTES, new Uint8Array(offsets.buffer)],
    // the list says which rows have none; viewers refuse instances that are null, also those that no row shows
    children: [isNullable ? { ...values, nullCount: 0, buffers: [NO_BYTES, ...others] } : values],
  };
}

function unsupported(field: ForeignField): RerunError {
  return new RerunError(
    "ERR_RERUN_DATA",
    `column "${field.name}" is of an Arrow type that no component has (a dictionary, date, decimal, large or view type); cast it`,
  );
}

function newIds(numRows: number): { id: Uint8Array; rowIds: Uint8Array } {
  ids ??= new RowIds(new Clock(), Math.random);
  const bytes = new Uint8Array((numRows + 1) * TUID_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i <= numRows; i++) ids.put(view, i * TUID_BYTES, monotonicNow());
  return { id: bytes.subarray(0, TUID_BYTES), rowIds: bytes.subarray(TUID_BYTES) };
}
