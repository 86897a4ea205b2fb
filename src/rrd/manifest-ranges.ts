import type { ComponentDescriptor } from "./component-descriptor.ts";
import type { ChunkSummary } from "./log-message.ts";
import type { Timeline } from "./timeline.ts";

/** First and last time per chunk on a timeline, of all its rows or of those that have a component. */
export interface RangeColumn {
  readonly timeline: Timeline;
  readonly descriptor?: ComponentDescriptor;
  readonly starts: (bigint | undefined)[];
  readonly ends: (bigint | undefined)[];
  /** Rows that have the component. */
  readonly numRows: number[];
}

export interface StaticColumn {
  readonly descriptor: ComponentDescriptor;
  /** Per chunk: it is static and has the component. */
  readonly isStatic: boolean[];
}

/**
 * What chunks know by timeline and component, turned into columns with a place for every chunk. Ordered as the official tools
 * do: timelines by name, components by (archetype, component, type).
 */
export class ManifestRanges {
  readonly #numChunks: number;
  readonly #components = new Map<string, StaticColumn>();
  readonly #timelines = new Map<string, RangeColumn>();
  /** By timeline, then component. */
  readonly #pairs = new Map<string, RangeColumn>();

  constructor(summaries: readonly ChunkSummary[]) {
    this.#numChunks = summaries.length;
    for (const [at, summary] of summaries.entries()) this.#add(at, summary);
  }

  get components(): readonly StaticColumn[] {
    return sorted(this.#components);
  }

  get columns(): readonly RangeColumn[] {
    return [...sorted(this.#timelines), ...sorted(this.#pairs)];
  }

  #add(at: number, { timelines, components }: ChunkSummary): void {
    for (const { name, type, start, end } of timelines) {
      let column = this.#timelines.get(name);
      if (column === undefined) {
        column = this.#rangeColumn({ timeline: { name, type } });
        this.#timelines.set(name, column);
      }
      column.starts[at] = start;
      column.ends[at] = end;
    }
    for (const { descriptor, numRows, ranges } of components) {
      const key = descriptorKey(descriptor);
      let column = this.#components.get(key);
      if (column === undefined) {
        column = { descriptor, isStatic: new Array<boolean>(this.#numChunks).fill(false) };
        this.#components.set(key, column);
      }
      column.isStatic[at] = timelines.length === 0;
      for (const [no, { name }] of timelines.entries()) {
        const pair = this.#pair(name, descriptor, key);
        pair.starts[at] = ranges[no]?.start;
        pair.ends[at] = ranges[no]?.end;
        pair.numRows[at] = numRows;
      }
    }
  }

  #pair(timelineName: string, descriptor: ComponentDescriptor, key: string): RangeColumn {
    const pairKey = `${timelineName}\0${key}`;
    let column = this.#pairs.get(pairKey);
    if (column === undefined) {
      // the type that the timeline had first: a store has one type per timeline
      const { timeline } = this.#timelines.get(timelineName) as RangeColumn;
      column = this.#rangeColumn({ timeline, descriptor });
      this.#pairs.set(pairKey, column);
    }
    return column;
  }

  #rangeColumn(of: Pick<RangeColumn, "timeline" | "descriptor">): RangeColumn {
    const times = (): (bigint | undefined)[] => new Array<bigint | undefined>(this.#numChunks).fill(undefined);
    return { ...of, starts: times(), ends: times(), numRows: new Array<number>(this.#numChunks).fill(0) };
  }
}

/** Sorts like the descriptor itself. */
export function descriptorKey({ archetype = "", component, componentType = "" }: ComponentDescriptor): string {
  return `${archetype}\0${component}\0${componentType}`;
}

function sorted<T>(columns: ReadonlyMap<string, T>): T[] {
  return [...columns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, column]) => column);
}
