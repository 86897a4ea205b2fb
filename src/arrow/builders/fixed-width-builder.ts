import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { DataType } from "../datatype.ts";
import { type ColumnBuilder, NO_BYTES } from "./column-builder.ts";
import { GrowableBuffer } from "./growable-buffer.ts";

/** Numbers, times and FixedSizeBinary: one buffer of values, appended as they came. */
export class FixedWidthBuilder implements ColumnBuilder {
  readonly type: DataType;
  readonly #width: number;
  readonly #values = new GrowableBuffer();

  constructor(type: DataType, width: number) {
    this.type = type;
    this.#width = width;
  }

  get length(): number {
    return this.#values.length / this.#width;
  }

  get byteLength(): number {
    return this.#values.length;
  }

  append(reader: ByteReader, count: number): void {
    this.#values.appendFrom(reader, count * this.#width);
  }

  finish(): ArrayData {
    return {
      type: this.type,
      length: this.length,
      nullCount: 0,
      buffers: [NO_BYTES, this.#values.view()],
      children: [],
    };
  }

  reset(): void {
    this.#values.reset();
  }
}
