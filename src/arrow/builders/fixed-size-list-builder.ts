import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { DataType } from "../datatype.ts";
import type { ChildBuilder } from "./child-builder.ts";
import { type ColumnBuilder, NO_BYTES } from "./column-builder.ts";

/** Vectors and matrices: `size` items each, nothing of its own. */
export class FixedSizeListBuilder implements ColumnBuilder {
  readonly type: Extract<DataType, { kind: "FixedSizeList" }>;
  readonly #items: ChildBuilder;
  #length = 0;

  constructor(type: Extract<DataType, { kind: "FixedSizeList" }>, items: ChildBuilder) {
    this.type = type;
    this.#items = items;
  }

  get length(): number {
    return this.#length;
  }

  get byteLength(): number {
    return this.#items.byteLength;
  }

  append(reader: ByteReader, count: number): void {
    this.#items.append(reader, count * this.type.size);
    this.#length += count;
  }

  finish(): ArrayData {
    return {
      type: this.type,
      length: this.#length,
      nullCount: 0,
      buffers: [NO_BYTES],
      children: [this.#items.finish()],
    };
  }

  reset(): void {
    this.#length = 0;
    this.#items.reset();
  }
}
