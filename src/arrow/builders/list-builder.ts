import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { DataType } from "../datatype.ts";
import { Bitmap } from "./bitmap.ts";
import type { ChildBuilder } from "./child-builder.ts";
import { type ColumnBuilder, NO_BYTES } from "./column-builder.ts";
import { Offsets } from "./offsets.ts";

/** Lists of any length: offsets into one child. The child may also be a whole column, whose items are never null. */
export class ListBuilder implements ColumnBuilder {
  readonly type: Extract<DataType, { kind: "List" }>;
  readonly #items: ChildBuilder | ColumnBuilder;
  protected readonly offsets = new Offsets();
  #validity: Bitmap | undefined;

  constructor(type: Extract<DataType, { kind: "List" }>, items: ChildBuilder | ColumnBuilder) {
    this.type = type;
    this.#items = items;
  }

  get length(): number {
    return this.offsets.length;
  }

  get byteLength(): number {
    return this.offsets.byteLength + this.#items.byteLength + (this.#validity?.byteLength ?? 0);
  }

  /** Appends `count` lists: a u32 length each, then all their items. */
  append(reader: ByteReader, count = 1): void {
    const before = this.offsets.end;
    this.offsets.appendFrom(reader, count);
    this.appendItems(reader, count, before);
  }

  /** The items of the last `count` lists, behind those that ended at `before`. */
  protected appendItems(reader: ByteReader, count: number, before: number): void {
    this.#validity?.appendOnes(count);
    const items = this.offsets.end - before;
    if (items > 0) this.#items.append(reader, items);
  }

  /** Appends a list that is not there, which is another thing than an empty one. */
  appendNull(): void {
    if (this.#validity === undefined) {
      this.#validity = new Bitmap();
      this.#validity.appendOnes(this.length);
    }
    this.#validity.append(false);
    this.offsets.append(0);
  }

  finish(): ArrayData {
    return {
      type: this.type,
      length: this.length,
      nullCount: this.#validity?.zeros ?? 0,
      buffers: [this.#validity?.view() ?? NO_BYTES, this.offsets.view()],
      children: [this.#items.finish()],
    };
  }

  reset(): void {
    this.offsets.reset();
    this.#validity = undefined;
    this.#items.reset();
  }
}
