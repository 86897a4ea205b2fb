import { RecordKind } from "./record.ts";
import type { Transport } from "./transport.ts";

interface Entry {
  readonly no: number;
  generation: number;
}

/** Paths per generation and recording; at most twice as many are known at a time (I7). */
const MAX_PATHS = 16_384;

let nextPath = 1;

/**
 * Numbers for the entity paths of one recording, least recently used ones forgotten.
 *
 *   young ◀─ every path used in this generation          full: old is dropped, young becomes old
 *   old   ◀─ those of the generation before              a path found here moves to young
 *
 * Two generations instead of a list: a hit costs one look-up and moves nothing. Numbers are never used again.
 */
export class PathTable {
  readonly #transport: Transport;
  readonly #recording: number;
  readonly #normalise: ((path: string) => string) | undefined;
  readonly #capacity: number;
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();
  #generation = 0;

  constructor(
    transport: Transport,
    recording: number,
    normalise: ((path: string) => string) | undefined,
    capacity: number = MAX_PATHS,
  ) {
    this.#transport = transport;
    this.#recording = recording;
    this.#normalise = normalise;
    this.#capacity = capacity;
  }

  /** The number of a path, defined now if it is new. A path written in two ways has one number. */
  numberOf(path: string): number {
    return (this.#young.get(path) ?? this.#lookUp(path)).no;
  }

  #lookUp(path: string): Entry {
    const known = this.#old.get(path);
    if (known !== undefined) {
      this.#old.delete(path);
      return this.#add(path, known);
    }
    const normal = this.#normalise === undefined ? path : this.#normalise(path);
    if (normal !== path) return this.#add(path, this.#young.get(normal) ?? this.#lookUp(normal));
    const entry = { no: nextPath++, generation: this.#generation };
    this.#transport.define({ type: "path", no: entry.no, recording: this.#recording, entityPath: path });
    return this.#add(path, entry);
  }

  #add(path: string, entry: Entry): Entry {
    entry.generation = this.#generation; // before another spelling of it is dropped: it is in use
    if (this.#young.size >= this.#capacity) this.#rotate();
    entry.generation = this.#generation;
    this.#young.set(path, entry);
    return entry;
  }

  #rotate(): void {
    const dropped = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    this.#generation += 1;
    for (const entry of dropped.values()) {
      // another spelling of the path may have been used since
      if (entry.generation >= this.#generation - 1) continue;
      entry.generation = Number.POSITIVE_INFINITY; // two spellings in one generation: forgotten once
      this.#forget(entry.no);
    }
  }

  #forget(no: number): void {
    const writer = this.#transport.begin(RecordKind.forget, this.#recording);
    writer.u32(no);
    this.#transport.end(writer);
  }
}
