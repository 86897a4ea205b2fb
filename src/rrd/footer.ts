import { ByteWriter } from "../bytes/byte-writer.ts";
import type { ArrowMessage } from "./log-message.ts";
import { encodeManifest } from "./manifest.ts";
import type { ManifestEntry } from "./manifest-batch.ts";
import { putBytesField } from "./proto-field.ts";
import { type StoreId, storeKey } from "./store-id.ts";

interface StoreEntries {
  readonly store: StoreId;
  readonly entries: ManifestEntry[];
  readonly columns: Set<string>;
}

/** About 110,000 chunks of a scalar on two timelines; 100,000 summaries of such took 74 MB of heap (measured). */
const MAX_CELLS = 2_000_000;

/** Cells of the tables that are written, where every chunk has a cell for every component: 64 MB. */
const MAX_TABLE_CELLS = 8_000_000;

/** Columns that every chunk has. */
const FIXED_CELLS = 7;

/**
 * Collects what the footer of a file says: where each chunk is, and what times it spans.
 *
 * I7: a file that outgrows the limits has no footer. It is as valid without one, tools only have to read it once before they can
 * jump in it, and `rerun rrd migrate` adds the footer.
 */
export class Footer {
  readonly #maxCells: number;
  #stores: Map<string, StoreEntries> | undefined = new Map();
  #cells = 0;

  /** @param maxCells of all chunks together; default 2 million. */
  constructor(maxCells: number = MAX_CELLS) {
    this.#maxCells = maxCells;
  }

  /** `offset` is that of the message's payload in the file. */
  add({ store, summary, payload }: ArrowMessage, offset: number): void {
    if (this.#stores === undefined) return;
    const { timelines, components } = summary;
    this.#cells += FIXED_CELLS + components.length + timelines.length * (2 + 3 * components.length);
    if (this.#cells > this.#maxCells) {
      this.#stores = undefined;
      return;
    }
    const key = storeKey(store);
    let of = this.#stores.get(key);
    if (of === undefined) {
      of = { store, entries: [], columns: new Set() };
      this.#stores.set(key, of);
    }
    of.entries.push({ summary, offset, byteLength: payload.length });
    for (const { descriptor } of components) of.columns.add(descriptor.component);
    for (const { name } of timelines) of.columns.add(`\0${name}`);
  }

  /** The `RrdFooter`, empty if there was no chunk; undefined if there must be none. */
  encode(): Uint8Array | undefined {
    if (this.#stores === undefined) return undefined;
    const footer = new ByteWriter();
    let cells = 0;
    for (const { store, entries, columns } of this.#stores.values()) {
      entries.sort((a, b) => a.offset - b.offset); // what another writer wrote was added last
      cells += entries.length * tableWidth(columns);
      const manifest = cells > MAX_TABLE_CELLS ? undefined : encodeManifest(store, entries);
      // the official file sink, too, ends a file without footer when names collide (rrd-format §5.5)
      if (manifest === undefined) return undefined;
      putBytesField(footer, 1, manifest);
    }
    return footer.written();
  }
}

/** At most: not every component is on every timeline. */
function tableWidth(columns: ReadonlySet<string>): number {
  let timelines = 0;
  for (const name of columns) if (name.startsWith("\0")) timelines += 1;
  const components = columns.size - timelines;
  return FIXED_CELLS + components + timelines * (2 + 3 * components);
}
