import { Bitmap } from "../arrow/builders/bitmap.ts";
import type { ComponentDescriptor } from "./component-descriptor.ts";
import type { ChunkSummary } from "./log-message.ts";
import type { Timeline } from "./timeline.ts";

/** First and last time per chunk on a timeline, of all its rows or of those that have a component. */
export interface RangeColumn {
  readonly timeline: Timeline;
  readonly descriptor?: ComponentDescriptor;
  readonly starts: BigInt64Array<ArrayBuffer>;
  readonly ends: BigInt64Array<ArrayBuffer>;
  /** Chunks that have times there. */
  readonly isThere: Bitmap;
  /** Rows that have the component. */
  readonly numRows: BigUint64Array<ArrayBuffer>;
}

export interface StaticColumn {
  readonly descriptor: ComponentDescriptor;
  /** Per chunk: it is static and has the component. */
  readonly isStatic: Bitmap;
}

interface Component extends StaticColumn {
  readonly key: string;
  /** By timeline. */
  readonly pairs: Map<string, RangeColumn>;
}

/** Columns that share memory. */
const SLAB_COLUMNS = 64;

/**
 * What chunks know by timeline and component, turned into columns with a place for every chunk. Ordered as the official tools
 * do: timelines by name, components by (archetype, component, type).
 *
 * Columns are nearly empty, and a file may have two million cells of them while its process waits for the end: they are memory that is
 * zero at first, not values (the manifest of a day took 2 s as arrays of them).
 */
export class ManifestRanges {
  readonly #numChunks: number;
  readonly #components = new Map<string, Component>();
  /** The same; chunks of one shape share their descriptors. */
  readonly #known = new Map<ComponentDescriptor, Component>();
  readonly #timelines = new Map<string, RangeColumn>();
  #slab = new ArrayBuffer(0);
  #used = 0;

  constructor(summaries: readonly ChunkSummary[]) {
    this.#numChunks = summaries.length;
    for (const [at, summary] of summaries.entries()) this.#add(at, summary);
  }

  get components(): readonly StaticColumn[] {
    return sorted(this.#components);
  }

  get columns(): readonly RangeColumn[] {
    const pairs = new Map<string, RangeColumn>();
    for (const { key, pairs: ofComponent } of this.#components.values()) {
      for (const [timeline, column] of ofComponent) pairs.set(`${timeline}\0${key}`, column);
    }
    return [...sorted(this.#timelines), ...sorted(pairs)];
  }

  #add(at: number, { timelines, components }: ChunkSummary): void {
    for (const { name, type, start, end } of timelines) {
      let column = this.#timelines.get(name);
      if (column === undefined) {
        column = this.#rangeColumn({ timeline: { name, type } });
        this.#timelines.set(name, column);
      }
      put(column, at, start, end);
    }
    for (const { descriptor, numRows, ranges } of components) {
      const component = this.#component(descriptor);
      if (timelines.length === 0) component.isStatic.set(at);
      for (const [no, { name }] of timelines.entries()) {
        const pair = this.#pair(name, component);
        const range = ranges[no];
        if (range !== undefined) put(pair, at, range.start, range.end);
        pair.numRows[at] = BigInt(numRows);
      }
    }
  }

  #component(descriptor: ComponentDescriptor): Component {
    let component = this.#known.get(descriptor);
    if (component === undefined) {
      const key = descriptorKey(descriptor);
      component = this.#components.get(key);
      component ??= { key, descriptor, isStatic: new Bitmap(this.#numChunks), pairs: new Map() };
      this.#components.set(key, component);
      this.#known.set(descriptor, component);
    }
    return component;
  }

  #pair(timelineName: string, { descriptor, pairs }: Component): RangeColumn {
    let column = pairs.get(timelineName);
    if (column === undefined) {
      // the type that the timeline had first: a store has one type per timeline
      const { timeline } = this.#timelines.get(timelineName) as RangeColumn;
      column = this.#rangeColumn({ timeline, descriptor });
      pairs.set(timelineName, column);
    }
    return column;
  }

  #rangeColumn({ timeline, descriptor }: Pick<RangeColumn, "timeline" | "descriptor">): RangeColumn {
    const length = this.#numChunks;
    const [starts, ends] = [this.#times(), this.#times()];
    const { buffer, byteOffset } = descriptor === undefined ? starts : this.#times();
    const numRows = new BigUint64Array(buffer, byteOffset, descriptor === undefined ? 0 : length);
    return { timeline, ...(descriptor && { descriptor }), starts, ends, isThere: new Bitmap(length), numRows };
  }

  /** From slabs, since the memory of 700 of them, each by itself, was half of what the index of a request's recording took. */
  #times(): BigInt64Array<ArrayBuffer> {
    const byteLength = 8 * this.#numChunks;
    if (this.#used + byteLength > this.#slab.byteLength) {
      this.#slab = new ArrayBuffer(SLAB_COLUMNS * byteLength);
      this.#used = 0;
    }
    const times = new BigInt64Array(this.#slab, this.#used, this.#numChunks);
    this.#used += byteLength;
    return times;
  }
}

function put({ starts, ends, isThere }: RangeColumn, at: number, start: bigint, end: bigint): void {
  starts[at] = start;
  ends[at] = end;
  isThere.set(at);
}

/** Sorts like the descriptor itself. */
export function descriptorKey({ archetype = "", component, componentType = "" }: ComponentDescriptor): string {
  return `${archetype}\0${component}\0${componentType}`;
}

function sorted<T>(columns: ReadonlyMap<string, T>): T[] {
  return [...columns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, column]) => column);
}
