import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createColumnBuilder } from "../../../src/arrow/builders/create-column-builder.ts";
import type { DataType } from "../../../src/arrow/datatype.ts";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { valueEncoder } from "../../../src/pipeline/values/value-encoder.ts";
import { arbitraryInstance } from "./arbitrary-values.ts";
import { componentDatatypes, otherDatatypes } from "./datatypes.ts";
import { toApacheArrow } from "./to-apache-arrow.ts";
import { withoutVariants } from "./without-variants.ts";

describe("apache-arrow reads the values that were encoded and appended to a column", () => {
  it.each([...componentDatatypes(), ...otherDatatypes])("%s", (_, type) => {
    fc.assert(
      fc.property(fc.array(fc.array(arbitraryInstance(type), { maxLength: 4 }), { maxLength: 3 }), (calls) => {
        expect(throughArrow(type, calls)).toEqual(calls.flat().map((instance) => withoutVariants(type, instance)));
      }),
      { numRuns: 25 },
    );
  });
});

function throughArrow(type: DataType, calls: readonly (readonly unknown[])[]): unknown[] {
  const builder = createColumnBuilder(type);
  for (const values of calls) {
    const writer = new ByteWriter();
    const count = valueEncoder(type)(values, writer);
    const reader = new ByteReader(writer.written());
    builder.append(reader, count);
    expect(reader.remaining).toBe(0);
  }
  const vector = toApacheArrow(builder.finish());
  return Array.from({ length: vector.length }, (_, i) => plain(type, vector.get(i)));
}

/** What apache-arrow gives → plain values. */
function plain(type: DataType, value: unknown): unknown {
  if (value === null || value === undefined || typeof type === "string") return value ?? null;
  switch (type.kind) {
    case "List":
    case "FixedSizeList":
      return Array.from(value as Iterable<unknown>, (item) => plain(type.item.type, item));
    case "Struct":
      return Object.fromEntries(
        type.fields.map((field) => [field.name, plain(field.type, (value as Record<string, unknown>)[field.name])]),
      );
    case "Union":
      return isList(value) ? Array.from(value as Iterable<unknown>) : value;
    default:
      return value;
  }
}

function isList(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
