import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import { Bitmap } from "./bitmap.ts";
import { type ColumnBuilder, NO_BYTES } from "./column-builder.ts";

/** Booleans come as bytes and become bits. */
export class BooleanBuilder implements ColumnBuilder {
  readonly type = "Boolean";
  readonly #bits = new Bitmap();

  get length(): number {
    return this.#bits.length;
  }

  get byteLength(): number {
    return this.#bits.byteLength;
  }

  append(reader: ByteReader, count: number): void {
    for (let i = 0; i < count; i++) this.#bits.append(reader.u8() !== 0);
  }

  finish(): ArrayData {
    return { type: this.type, length: this.length, nullCount: 0, buffers: [NO_BYTES, this.#bits.view()], children: [] };
  }

  reset(): void {
    this.#bits.reset();
  }
}
