import type { DataType, Field } from "../arrow/datatype.ts";
import type { Schema } from "../arrow/schema.ts";
import { componentField, rowIdField, timelineField } from "./column-fields.ts";
import type { ComponentDescriptor } from "./component-descriptor.ts";
import type { ChunkSummary } from "./log-message.ts";

interface Column {
  readonly entityPath: string;
  readonly descriptor: ComponentDescriptor;
  readonly type: DataType;
  isStatic: boolean;
  isEmpty: boolean;
}

const PROPERTIES = "/__properties";
const TOMBSTONE = "Clear:is_recursive";

/** The schema of a store as a whole: every column of every entity (rrd-format §5.6), by name. */
export function storeSchema(summaries: readonly ChunkSummary[]): Schema {
  const timelines = new Map<string, Field>();
  const columns = new Map<string, Column>();
  for (const { entityPath, timelines: ofChunk, components } of summaries) {
    for (const timeline of ofChunk) {
      if (!timelines.has(timeline.name)) timelines.set(timeline.name, timelineField(timeline));
    }
    for (const { descriptor, type, isEmpty } of components) {
      const name = columnName(entityPath, descriptor);
      let column = columns.get(name);
      if (column === undefined) {
        column = { entityPath, descriptor, type, isStatic: false, isEmpty: true };
        columns.set(name, column);
      }
      column.isStatic ||= ofChunk.length === 0;
      column.isEmpty &&= isEmpty;
    }
  }
  const fields = [rowIdField(), ...timelines.values(), ...[...columns].map(fieldOf)];
  return { fields: fields.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function columnName(entityPath: string, { component }: ComponentDescriptor): string {
  if (entityPath === PROPERTIES) return `property:${component}`;
  if (entityPath.startsWith(`${PROPERTIES}/`)) {
    return `property:${entityPath.slice(PROPERTIES.length + 1)}:${component}`;
  }
  return `${entityPath}:${component}`;
}

function fieldOf([name, { entityPath, descriptor, type, isStatic, isEmpty }]: [string, Column]): Field {
  const metadata = {
    "rerun:entity_path": entityPath,
    ...(isStatic && { "rerun:is_static": "true" }),
    ...(descriptor.component === TOMBSTONE && { "rerun:is_tombstone": "true" }),
    ...(isEmpty && { "rerun:is_semantically_empty": "true" }),
  };
  return { ...componentField(descriptor, type, metadata), name };
}
