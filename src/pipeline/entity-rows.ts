import { Accumulator, type RowContext } from "./accumulator.ts";
import type { ShapeDefinition } from "./record.ts";

/**
 * When a deadline has come but the rows are few, they wait on: a chunk costs a viewer 4–5 ms however small it is. The numbers may
 * change while rows wait (`chunk-budget.ts`).
 */
export interface JoinPolicy {
  readonly rows: number;
  readonly bytes: number;
  readonly ageMillis: number;
}

/** Accumulators of an entity that are kept when they are empty; most entities have one shape. */
const MAX_KEPT = 4;

const FIRST_CAPACITY = 16;

/** A byte of a record makes as many in columns at most: a null in a union is its type there, and an offset besides here. */
const MAX_GROWTH = 5;

/** The rows of one entity that are in no chunk yet: one accumulator per shape, in the order of their first rows. */
export class EntityRows {
  readonly path: string;
  /** `performance.now()` of the first of these rows. */
  since = 0;
  /** Number of the first of these rows among all rows of the writer (`RowIdSource.count`). */
  firstRow = 0;
  /** Bytes of these rows as they came. */
  inputBytes = 0;
  join: JoinPolicy | undefined;
  numRows = 0;
  /** Bytes of memory that its last chunks left for the next. */
  idleBytes = 0;
  /** Bytes of the columns when they were counted last, and `inputBytes` at that time. */
  #counted = 0;
  #countedAt = 0;
  readonly #onShape: ((entityPath: string, shape: ShapeDefinition) => void) | undefined;
  readonly #accumulators = new Map<ShapeDefinition, Accumulator>();
  readonly #used = new Set<Accumulator>();
  #lastShape: ShapeDefinition | undefined;
  #last: Accumulator | undefined;

  /** @param onShape told when there is a row of a shape that it has none of, or has had none of for long */
  constructor(path: string, onShape?: (entityPath: string, shape: ShapeDefinition) => void) {
    this.path = path;
    this.#onShape = onShape;
  }

  get byteLength(): number {
    let bytes = 0;
    for (const accumulator of this.#used) bytes += accumulator.byteLength;
    return bytes;
  }

  /** Whether the columns hold that many bytes. They are counted when they may: at each row it took 4 % of the writer's time. */
  holds(bytes: number): boolean {
    if (this.#counted + MAX_GROWTH * (this.inputBytes - this.#countedAt) < bytes) return false;
    this.#counted = this.byteLength;
    this.#countedAt = this.inputBytes;
    return this.#counted >= bytes;
  }

  /** There is no join policy, or it asks for no more rows. */
  get isWorthAChunk(): boolean {
    return this.join === undefined || this.numRows >= this.join.rows || this.holds(this.join.bytes);
  }

  accumulatorOf(shape: ShapeDefinition, context: RowContext): Accumulator {
    if (shape === this.#lastShape) return this.#last as Accumulator;
    let accumulator = this.#accumulators.get(shape);
    if (accumulator === undefined) {
      if (this.#accumulators.size >= MAX_KEPT) this.#forgetUnused();
      accumulator = new Accumulator(shape, context, FIRST_CAPACITY);
      this.#accumulators.set(shape, accumulator);
      this.#onShape?.(this.path, shape);
    }
    this.#lastShape = shape;
    this.#last = accumulator;
    return accumulator;
  }

  /** A row is about to be appended to the accumulator. */
  add(accumulator: Accumulator): void {
    if (accumulator.numRows === 0) this.#used.add(accumulator);
    this.numRows += 1;
  }

  /** All rows are about to be in chunks; returns their bytes as they came. */
  takeInput(): number {
    const bytes = this.inputBytes;
    this.inputBytes = this.#counted = this.#countedAt = 0;
    return bytes;
  }

  /** Its memory is about to be used again; returns how much there was. */
  takeIdle(): number {
    const bytes = this.idleBytes;
    this.idleBytes = 0;
    return bytes;
  }

  /** Those with rows. */
  used(): readonly Accumulator[] {
    return [...this.#used];
  }

  /** The rows of the accumulator are in a chunk. */
  remove(accumulator: Accumulator): void {
    this.numRows -= accumulator.numRows;
    this.#used.delete(accumulator);
  }

  /** Forgets an accumulator that cannot be used any more, with its rows; returns how many, the one that is in part there included. */
  discard(accumulator: Accumulator): number {
    const rows = accumulator.numRows + 1;
    this.numRows -= rows;
    this.#used.delete(accumulator);
    for (const [shape, other] of this.#accumulators) if (other === accumulator) this.#accumulators.delete(shape);
    this.#lastShape = undefined;
    return rows;
  }

  #forgetUnused(): void {
    for (const [shape, accumulator] of this.#accumulators) {
      if (!this.#used.has(accumulator)) this.#accumulators.delete(shape);
    }
  }
}
