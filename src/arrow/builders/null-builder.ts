import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { ColumnBuilder } from "./column-builder.ts";

/** Type Null: a length and no buffers at all. */
export class NullBuilder implements ColumnBuilder {
  readonly type = "Null";
  readonly byteLength = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(_reader: ByteReader, count: number): void {
    this.#length += count;
  }

  finish(): ArrayData {
    return { type: this.type, length: this.#length, nullCount: this.#length, buffers: [], children: [] };
  }

  reset(): void {
    this.#length = 0;
  }
}
