import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { DataType } from "../datatype.ts";
import type { ChildBuilder } from "./child-builder.ts";
import type { ColumnBuilder } from "./column-builder.ts";
import { GrowableBuffer } from "./growable-buffer.ts";

/**
 * Dense union: which variant each value is, and its place in that variant's child.
 *
 *   type ids   0 2 0 …        offsets   0 0 1 …        children   [a a] [] [c]
 */
export class UnionBuilder implements ColumnBuilder {
  readonly type: Extract<DataType, { kind: "Union" }>;
  readonly #variants: readonly ChildBuilder[];
  /** By type id: the next place in the child of that variant. */
  readonly #next: Int32Array;
  readonly #typeIds = new GrowableBuffer();
  #offsets = new Int32Array(16);

  constructor(type: Extract<DataType, { kind: "Union" }>, variants: readonly ChildBuilder[]) {
    this.type = type;
    this.#variants = variants;
    this.#next = new Int32Array(1 + Math.max(0, ...type.fields.map(({ typeId }) => typeId)));
  }

  get length(): number {
    return this.#typeIds.length;
  }

  get byteLength(): number {
    return this.#variants.reduce((bytes, variant) => bytes + variant.byteLength, 5 * this.length);
  }

  append(reader: ByteReader, count: number): void {
    if (count === 0) return;
    const typeIds = reader.raw(count);
    let at = this.length;
    this.#typeIds.append(typeIds);
    if (this.length > this.#offsets.length) {
      const grown = new Int32Array(Math.max(this.length, 2 * this.#offsets.length));
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    for (const typeId of typeIds) {
      const offset = this.#next[typeId] as number;
      this.#next[typeId] = offset + 1;
      this.#offsets[at++] = offset;
    }
    for (const variant of this.#variants) variant.append(reader, reader.u32());
  }

  finish(): ArrayData {
    return {
      type: this.type,
      length: this.length,
      nullCount: 0,
      buffers: [this.#typeIds.view(), new Uint8Array(this.#offsets.buffer, 0, 4 * this.length)],
      children: this.#variants.map((variant) => variant.finish()),
    };
  }

  reset(): void {
    this.#typeIds.reset();
    this.#next.fill(0);
    for (const variant of this.#variants) variant.reset();
  }
}
