import type { DataType, Field } from "../arrow/datatype.ts";
import { encodeSchemaMessage } from "../arrow/ipc/schema-message.ts";
import { schemaStream } from "../arrow/ipc/stream.ts";
import { sha256 } from "../bytes/sha256.ts";
import { setBounded } from "../set-bounded.ts";
import type { ChunkSummary } from "./log-message.ts";
import { descriptorKey } from "./manifest-ranges.ts";
import { storeSchema } from "./store-schema.ts";

/** What a manifest says of columns, encoded. */
export interface ManifestSchemas {
  /** Of the store: all columns of all its entities. */
  readonly store: Uint8Array;
  readonly storeHash: Uint8Array;
  /** Of the manifest's table: the first message of its stream. */
  readonly table: Uint8Array;
}

const MAX_KNOWN = 64;
/** Stores with thousands of columns are not made one after the other. */
const MAX_KEY_LENGTH = 64 << 10;

const known = new Map<string, ManifestSchemas>();
const typeNumbers = new WeakMap<object, number>();
let nextTypeNumber = 1;

/**
 * The schemas of a store with such chunks. Recordings of requests have the same columns, one after the other, and encoding these schemas
 * anew was a quarter of the CPU that one of them cost.
 *
 * @param fieldsOf the manifest's table; undefined if it cannot be made.
 */
export function manifestSchemas(
  summaries: readonly ChunkSummary[],
  fieldsOf: () => readonly Field[] | undefined,
): ManifestSchemas | undefined {
  const key = keyOf(summaries);
  const schemas = (key === undefined ? undefined : known.get(key)) ?? encoded(summaries, fieldsOf);
  if (key === undefined || schemas === undefined) return schemas;
  known.delete(key); // and in again at the end: the first is the one that was not used for longest
  setBounded(known, key, schemas, MAX_KNOWN);
  return schemas;
}

function encoded(
  summaries: readonly ChunkSummary[],
  fieldsOf: () => readonly Field[] | undefined,
): ManifestSchemas | undefined {
  const fields = fieldsOf();
  if (fields === undefined) return undefined;
  const { bytes } = encodeSchemaMessage(storeSchema(summaries));
  return { store: schemaStream(bytes), storeHash: sha256(bytes), table: encodeSchemaMessage({ fields }).bytes };
}

/** Everything of the chunks that their schemas depend on; undefined where it is too much to look for: a process may wait for its end. */
function keyOf(summaries: readonly ChunkSummary[]): string | undefined {
  let key = "";
  for (const { entityPath, timelines, components } of summaries) {
    key += `\n${entityPath}`;
    for (const { name, type } of timelines) key += `\0${type} ${name}`;
    for (const { descriptor, type, isEmpty } of components) {
      key += `\x01${descriptorKey(descriptor)}\0${typeKey(type)}${isEmpty ? "-" : ""}`;
    }
    if (key.length > MAX_KEY_LENGTH) return undefined;
  }
  return key;
}

/** Types that are equal may have different keys; then a schema is encoded once more. */
function typeKey(type: DataType): string | number {
  if (typeof type === "string") return type;
  let number = typeNumbers.get(type);
  if (number === undefined) {
    number = nextTypeNumber++;
    typeNumbers.set(type, number);
  }
  return number;
}
