import { formatError } from "./format-error.ts";

/** Names and lists may be shared in a FlatBuffer, but a schema that says more than so many times its bytes is a trap. */
const MAX_SHARING = 16;

/** Where a table stands, and its list of fields. */
export interface Table {
  readonly at: number;
  readonly fieldsAt: number;
  readonly fieldsEnd: number;
}

/** Where the items of a list stand, and how many there are. */
export interface Vector {
  readonly first: number;
  readonly count: number;
}

const NO_ITEMS: Vector = { first: 0, count: 0 };

/** A FlatBuffer of which nothing is believed: what points outside throws a RangeError, what points backwards a format error. */
export class FlatBuffer {
  readonly #view: DataView;
  #budget: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = bytes.length * MAX_SHARING;
  }

  /** The table that `at` points to. */
  table(at: number): Table {
    const table = this.#follow(at);
    const fieldsAt = table - this.#view.getInt32(table, true);
    const size = this.#view.getInt16(fieldsAt, true);
    this.#spend(4);
    return { at: table, fieldsAt, fieldsEnd: fieldsAt + size };
  }

  child(parent: Table, index: number): Table | undefined {
    const at = this.#field(parent, index);
    return at === undefined ? undefined : this.table(at);
  }

  u8(table: Table, index: number): number {
    const at = this.#field(table, index);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  i16(table: Table, index: number): number {
    const at = this.#field(table, index);
    return at === undefined ? 0 : this.#view.getInt16(at, true);
  }

  i64(table: Table, index: number): number {
    const at = this.#field(table, index);
    return at === undefined ? 0 : this.i64At(at);
  }

  i64At(at: number): number {
    return Number(this.#view.getBigInt64(at, true));
  }

  string(table: Table, index: number): void {
    this.vector(table, index, 1);
  }

  /** `stride` is in bytes. */
  vector(table: Table, index: number, stride: number): Vector {
    const field = this.#field(table, index);
    if (field === undefined) return NO_ITEMS;
    const at = this.#follow(field);
    const count = this.#view.getInt32(at, true);
    const first = at + 4;
    if (count < 0 || first + count * stride > this.#view.byteLength) {
      throw formatError("an Arrow vector without its items");
    }
    this.#spend(4 + count * stride);
    return { first, count };
  }

  #field({ at, fieldsAt, fieldsEnd }: Table, index: number): number | undefined {
    const slot = fieldsAt + 4 + 2 * index;
    if (slot >= fieldsEnd) return undefined;
    const offset = this.#view.getInt16(slot, true);
    return offset === 0 ? undefined : at + offset;
  }

  #follow(at: number): number {
    const offset = this.#view.getInt32(at, true);
    if (offset <= 0) throw formatError("Arrow metadata that points backwards");
    return at + offset;
  }

  #spend(bytes: number): void {
    this.#budget -= bytes;
    if (this.#budget < 0) throw formatError("Arrow metadata that repeats itself");
  }
}
