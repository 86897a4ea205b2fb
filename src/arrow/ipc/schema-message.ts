import { Builder } from "flatbuffers";
import type { DataType, Field } from "../datatype.ts";
import type { Schema } from "../schema.ts";
import {
  FieldTable,
  KeyValueTable,
  MessageHeader,
  MessageTable,
  MetadataVersion,
  SchemaTable,
  Type,
} from "./format.ts";
import { finishMessage } from "./message.ts";
import { writeType } from "./schema-type.ts";

export interface SchemaMessage {
  /** Prefix, metadata, padding. */
  readonly bytes: Uint8Array;
  /** Where a string of the schema stands in `bytes`: its u32 length, then the text. */
  positionOf(text: string): number;
}

/**
 * A schema as one message of an IPC stream.
 *
 * FlatBuffers are built from the end: the string written first comes last in the bytes. `lastString` is written first, so that
 * a template can be cut before it and continued with another one. Equal strings, types and key/value pairs are stored once, which
 * makes the schema of a small chunk about 10 % of a file shorter.
 */
export function encodeSchemaMessage(schema: Schema, lastString = ""): SchemaMessage {
  const writer = new SchemaWriter();
  if (lastString !== "") writer.string(lastString);
  return writer.finish(schema);
}

class SchemaWriter {
  readonly #builder = new Builder(1024);
  readonly #strings = new Map<string, number>();
  readonly #pairs = new Map<string, number>();
  readonly #types = new Map<string, number>();
  readonly #fields = new Map<string, number>();
  readonly #vectors = new Map<string, number>();

  string(text: string): number {
    let offset = this.#strings.get(text);
    if (offset === undefined) {
      offset = this.#builder.createString(text);
      this.#strings.set(text, offset);
    }
    return offset;
  }

  finish({ fields, metadata }: Schema): SchemaMessage {
    const builder = this.#builder;
    const fieldsVector = this.#vector(fields.map((field) => this.#field(field)));
    const metadataVector = this.#metadata(metadata);
    builder.startObject(4);
    builder.addFieldOffset(SchemaTable.fields, fieldsVector, 0);
    builder.addFieldOffset(SchemaTable.customMetadata, metadataVector, 0);
    const header = builder.endObject();
    builder.startObject(5);
    builder.addFieldInt16(MessageTable.version, MetadataVersion.V5, 0);
    builder.addFieldInt8(MessageTable.headerType, MessageHeader.Schema, 0);
    builder.addFieldOffset(MessageTable.header, header, 0);
    const { bytes, position } = finishMessage(builder, builder.endObject());
    return {
      bytes,
      positionOf: (text) => position(this.#strings.get(text) as number),
    };
  }

  #field(field: Field): number {
    const builder = this.#builder;
    const children = this.#vector(childrenOf(field.type).map((child) => this.#field(child)));
    const { id, offset } = this.#type(field.type);
    const metadata = this.#metadata(field.metadata);
    const name = this.string(field.name);
    const key = `${name} ${field.nullable} ${offset} ${children} ${metadata}`;
    const known = this.#fields.get(key);
    if (known !== undefined) return known;
    builder.startObject(7);
    builder.addFieldOffset(FieldTable.name, name, 0);
    builder.addFieldInt8(FieldTable.nullable, field.nullable ? 1 : 0, 0);
    builder.addFieldInt8(FieldTable.typeType, id, Type.Null - 1);
    builder.addFieldOffset(FieldTable.type, offset, 0);
    builder.addFieldOffset(FieldTable.children, children, 0);
    builder.addFieldOffset(FieldTable.customMetadata, metadata, 0);
    const table = builder.endObject();
    this.#fields.set(key, table);
    return table;
  }

  #type(type: DataType): { id: number; offset: number } {
    const table = writeType(type);
    const key = JSON.stringify(table);
    let offset = this.#types.get(key);
    if (offset === undefined) {
      offset = table.write(this.#builder);
      this.#types.set(key, offset);
    }
    return { id: table.id, offset };
  }

  /** Zero, which stands for "absent", if there is none. */
  #metadata(metadata: Readonly<Record<string, string>> | undefined): number {
    const entries = Object.entries(metadata ?? {});
    if (entries.length === 0) return 0;
    return this.#vector(entries.map(([key, value]) => this.#pair(key, value)));
  }

  #pair(key: string, value: string): number {
    const name = `${key}\0${value}`;
    let offset = this.#pairs.get(name);
    if (offset === undefined) {
      const keyOffset = this.string(key);
      const valueOffset = this.string(value);
      this.#builder.startObject(2);
      this.#builder.addFieldOffset(KeyValueTable.key, keyOffset, 0);
      this.#builder.addFieldOffset(KeyValueTable.value, valueOffset, 0);
      offset = this.#builder.endObject();
      this.#pairs.set(name, offset);
    }
    return offset;
  }

  /** Readers expect the vector of children also where there are none. */
  #vector(offsets: readonly number[]): number {
    const key = offsets.join();
    let vector = this.#vectors.get(key);
    if (vector === undefined) {
      this.#builder.startVector(4, offsets.length, 4);
      for (const offset of offsets.toReversed()) this.#builder.addOffset(offset);
      vector = this.#builder.endVector();
      this.#vectors.set(key, vector);
    }
    return vector;
  }
}

function childrenOf(type: DataType): readonly Field[] {
  if (typeof type === "string") return [];
  if (type.kind === "List" || type.kind === "FixedSizeList") return [type.item];
  return type.kind === "Struct" || type.kind === "Union" ? type.fields : [];
}
