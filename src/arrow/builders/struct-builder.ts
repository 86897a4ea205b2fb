import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { ArrayData } from "../array-data.ts";
import type { DataType } from "../datatype.ts";
import type { ChildBuilder } from "./child-builder.ts";
import { type ColumnBuilder, NO_BYTES } from "./column-builder.ts";

/** One child per field, all of the same length. */
export class StructBuilder implements ColumnBuilder {
  readonly type: Extract<DataType, { kind: "Struct" }>;
  readonly #fields: readonly ChildBuilder[];
  #length = 0;

  constructor(type: Extract<DataType, { kind: "Struct" }>, fields: readonly ChildBuilder[]) {
    this.type = type;
    this.#fields = fields;
  }

  get length(): number {
    return this.#length;
  }

  get byteLength(): number {
    return this.#fields.reduce((bytes, field) => bytes + field.byteLength, 0);
  }

  append(reader: ByteReader, count: number): void {
    for (const field of this.#fields) field.append(reader, count);
    this.#length += count;
  }

  finish(): ArrayData {
    return {
      type: this.type,
      length: this.#length,
      nullCount: 0,
      buffers: [NO_BYTES],
      children: this.#fields.map((field) => field.finish()),
    };
  }

  reset(): void {
    this.#length = 0;
    for (const field of this.#fields) field.reset();
  }
}
