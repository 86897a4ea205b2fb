import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import { type ColumnBuilder, NO_BYTES } from "./column-builder.ts";
import { GrowableBuffer } from "./growable-buffer.ts";
import { Offsets } from "./offsets.ts";

/** Utf8 and Binary: offsets and one buffer of bytes. */
export class BytesBuilder implements ColumnBuilder {
  readonly type: "Utf8" | "Binary";
  readonly #offsets = new Offsets();
  readonly #bytes = new GrowableBuffer();

  constructor(type: "Utf8" | "Binary") {
    this.type = type;
  }

  get length(): number {
    return this.#offsets.length;
  }

  get byteLength(): number {
    return this.#offsets.byteLength + this.#bytes.length;
  }

  append(reader: ByteReader, count: number): void {
    const before = this.#offsets.end;
    this.#offsets.appendFrom(reader, count);
    this.#bytes.appendFrom(reader, this.#offsets.end - before);
  }

  finish(): ArrayData {
    return {
      type: this.type,
      length: this.length,
      nullCount: 0,
      buffers: [NO_BYTES, this.#offsets.view(), this.#bytes.view()],
      children: [],
    };
  }

  reset(): void {
    this.#offsets.reset();
    this.#bytes.reset();
  }
}
