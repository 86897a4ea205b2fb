import { ListColumn } from "../../../src/arrow/builders/list-column.ts";
import type { DataType } from "../../../src/arrow/datatype.ts";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { encodeComponent } from "../../../src/pipeline/values/value-encoder.ts";
import type { Chunk } from "../../../src/rrd/chunk.ts";
import type { ComponentDescriptor } from "../../../src/rrd/component-descriptor.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import type { TimelineType } from "../../../src/rrd/timeline.ts";

export const store: StoreId = { kind: "recording", applicationId: "shop demo", recordingId: "run" };

export const scalars = builtIn("Scalars", "scalars", "Scalar");
export const text = builtIn("TextLog", "text", "Text");
export const level = builtIn("TextLog", "level", "TextLogLevel");
export const isRecursive = builtIn("Clear", "is_recursive", "ClearIsRecursive");

export interface ChunkParts {
  readonly entityPath?: string;
  /** None = static. */
  readonly times?: Readonly<Record<string, { readonly type: TimelineType; readonly values: readonly bigint[] }>>;
  /** Per component one entry per row: its instances, or null for "not logged in this row". */
  readonly components: readonly {
    readonly descriptor: ComponentDescriptor;
    readonly type: DataType;
    readonly rows: readonly (readonly unknown[] | null)[];
  }[];
  readonly rowIds?: readonly bigint[];
}

let nextId = 1n;

/** A chunk of values; ids count up over the test file. */
export function chunkOf({ entityPath = "/a", times = {}, components, rowIds }: ChunkParts): Chunk {
  const numRows = components[0]?.rows.length ?? 0;
  const id = tuid(nextId++ << 32n);
  const ids = rowIds ?? Array.from({ length: numRows }, () => nextId++);
  return {
    id,
    entityPath,
    numRows,
    rowIds: Uint8Array.from(ids.flatMap((rowId) => [...tuid(rowId)])),
    rowIdsSorted: isSorted(ids),
    timelines: Object.entries(times)
      .map(([name, { type, values }]) => ({
        name,
        type,
        times: BigInt64Array.from(values),
        isSorted: isSorted(values),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    components: components.map(({ descriptor, type, rows }) => ({ descriptor, list: listOf(descriptor, type, rows) })),
  };
}

function listOf(descriptor: ComponentDescriptor, type: DataType, rows: readonly (readonly unknown[] | null)[]) {
  const column = new ListColumn(type);
  for (const row of rows) {
    if (row === null) {
      column.appendNull();
      continue;
    }
    const packed = new ByteWriter();
    encodeComponent({ descriptor, type }, row, packed);
    column.append(new ByteReader(packed.written()));
  }
  return column.finish();
}

function tuid(counter: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, 1_700_000_000_000_000_000n);
  new DataView(bytes.buffer).setBigUint64(8, counter);
  return bytes;
}

function isSorted(values: readonly bigint[]): boolean {
  return values.every((value, at) => at === 0 || (values[at - 1] as bigint) <= value);
}

function builtIn(archetype: string, field: string, type: string): ComponentDescriptor {
  return {
    archetype: `rerun.archetypes.${archetype}`,
    component: `${archetype}:${field}`,
    componentType: `rerun.components.${type}`,
  };
}
