import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { Field } from "../datatype.ts";
import { Bitmap } from "./bitmap.ts";
import type { ColumnBuilder } from "./column-builder.ts";

/**
 * The child of a nested column. A nullable one says first whether it has nulls, and the values of nulls are zeros, so the
 * column below never knows of them: the validity bitmap is put into its first buffer at the end.
 */
export class ChildBuilder {
  readonly #field: Field;
  readonly #values: ColumnBuilder;
  /** Made at the first null: most columns never have one. */
  #validity: Bitmap | undefined;

  constructor(field: Field, values: ColumnBuilder) {
    this.#field = field;
    this.#values = values;
  }

  get length(): number {
    return this.#values.length;
  }

  get byteLength(): number {
    return this.#values.byteLength + (this.#validity?.byteLength ?? 0);
  }

  /** Appends what a parent writes of this child for `count` values; nothing at all for none. */
  append(reader: ByteReader, count: number): void {
    if (count === 0) return;
    if (this.#field.nullable && reader.u8() !== 0) {
      if (this.#validity === undefined) {
        this.#validity = new Bitmap();
        this.#validity.appendOnes(this.#values.length);
      }
      for (let i = 0; i < count; i++) this.#validity.append(reader.u8() !== 0);
    } else {
      this.#validity?.appendOnes(count);
    }
    this.#values.append(reader, count);
  }

  finish(): ArrayData {
    const values = this.#values.finish();
    const nullCount = this.#validity?.zeros ?? 0;
    if (this.#validity === undefined || nullCount === 0 || !hasValidity(this.#field)) return values;
    return { ...values, nullCount, buffers: [this.#validity.view(), ...values.buffers.slice(1)] };
  }

  reset(): void {
    this.#validity = undefined;
    this.#values.reset();
  }
}

/** Null and Union have no validity buffer: a null is a value of theirs. */
function hasValidity({ type }: Field): boolean {
  return type !== "Null" && (typeof type === "string" || type.kind !== "Union");
}
