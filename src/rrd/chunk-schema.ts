import type { DataType } from "../arrow/datatype.ts";
import { PREFIX_BYTES, padded } from "../arrow/ipc/format.ts";
import { putPrefix } from "../arrow/ipc/message.ts";
import { encodeSchemaMessage } from "../arrow/ipc/schema-message.ts";
import { putTuidString, TUID_DIGITS } from "../bytes/tuid.ts";
import { setBounded } from "../set-bounded.ts";
import type { Chunk, ComponentColumn } from "./chunk.ts";
import { componentField, rowIdField, SORTED, timelineField } from "./column-fields.ts";

/** Newer readers take it in silence, and no older one is left (rrd-format §0.4). */
const SORBET_VERSION = "0.1.3";

const CHUNK_ID_PREFIX = "chunk_";

/** Stand-ins in a template; the NULs keep them apart from every name a user may think of. */
const CHUNK_ID = CHUNK_ID_PREFIX + "\0".repeat(TUID_DIGITS);
const ENTITY_PATH = "\0entity path";

const MAX_TEMPLATES = 1024;

interface Template {
  /** The schema message up to the length of the entity path, which is its last string. */
  readonly head: Uint8Array;
  /** Where the 32 digits of the chunk id go. */
  readonly chunkIdAt: number;
}

const templates = new Map<string, Template>();
const typeKeys = new WeakMap<object, string>();
const encoder = new TextEncoder();

/** The schema message of a chunk, as its template and what is put into it. */
export interface ChunkSchema {
  readonly byteLength: number;
  /** Writes exactly `byteLength` bytes. */
  write(target: Uint8Array): void;
}

/**
 * Chunks of one shape have schemas that differ in two strings, so the schema is built once per shape:
 *
 *   ┌─ template ─────────────────────────┐
 *   prefix · tables … "chunk_1234…" … ── u32 length · entity path · 0 · padding
 *                            └ patched        └ put behind
 *
 * A schema costs 86 µs to build, a template 3 µs to use. Offsets in FlatBuffers are relative, so a longer end moves nothing.
 */
export function chunkSchema(chunk: Chunk): ChunkSchema {
  const { head, chunkIdAt } = templateFor(chunk);
  const path = encoder.encode(chunk.entityPath);
  const textAt = head.length + 4;
  const byteLength = PREFIX_BYTES + padded(textAt + path.length + 1 - PREFIX_BYTES);
  return {
    byteLength,
    write(target) {
      target.set(head);
      putTuidString(target, chunkIdAt, chunk.id);
      new DataView(target.buffer, target.byteOffset).setUint32(head.length, path.length, true);
      target.set(path, textAt);
      target.fill(0, textAt + path.length, byteLength);
      putPrefix(target, 0, byteLength - PREFIX_BYTES);
    },
  };
}

function templateFor(chunk: Chunk): Template {
  const key = keyOf(chunk);
  let template = templates.get(key);
  if (template === undefined) {
    template = buildTemplate(chunk);
    setBounded(templates, key, template, MAX_TEMPLATES);
  }
  return template;
}

function buildTemplate({ rowIdsSorted, timelines, components }: Chunk): Template {
  const sorted = (isSorted: boolean): Readonly<Record<string, string>> => (isSorted ? SORTED : {});
  const fields = [
    rowIdField(sorted(rowIdsSorted)),
    ...timelines.map((timeline) => timelineField(timeline, sorted(timeline.isSorted))),
    ...components.map((column) => componentField(column.descriptor, instanceType(column))),
  ];
  const metadata = { "rerun:id": CHUNK_ID, "rerun:entity_path": ENTITY_PATH, "sorbet:version": SORBET_VERSION };
  const { bytes, positionOf } = encodeSchemaMessage({ fields, metadata }, ENTITY_PATH);
  return {
    head: bytes.slice(0, positionOf(ENTITY_PATH)),
    chunkIdAt: positionOf(CHUNK_ID) + 4 + CHUNK_ID_PREFIX.length,
  };
}

/** Everything that the template depends on. */
function keyOf({ rowIdsSorted, timelines, components }: Chunk): string {
  let key = rowIdsSorted ? "s" : "u";
  for (const { name, type, isSorted } of timelines) key += `\0${name}\0${type}\0${isSorted ? "s" : "u"}`;
  for (const column of components) {
    const { archetype, component, componentType } = column.descriptor;
    key += `\0\0${archetype ?? "\0"}\0${component}\0${componentType ?? "\0"}\0${typeKey(instanceType(column))}`;
  }
  return key;
}

function typeKey(type: DataType): string {
  if (typeof type === "string") return type;
  let key = typeKeys.get(type);
  if (key === undefined) {
    key = JSON.stringify(type);
    typeKeys.set(type, key);
  }
  return key;
}

/** A component column is a list of instances. */
export function instanceType({ list }: ComponentColumn): DataType {
  return (list.type as Extract<DataType, { kind: "List" }>).item.type;
}
