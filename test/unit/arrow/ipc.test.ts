import { MessageReader, tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryArray, booleanArray, int64Array, uint64Array, utf8Array } from "../../../src/arrow/arrays.ts";
import { Bitmap } from "../../../src/arrow/builders/bitmap.ts";
import { ListColumn } from "../../../src/arrow/builders/list-column.ts";
import type { DataType, Field } from "../../../src/arrow/datatype.ts";
import { encodeSchemaMessage } from "../../../src/arrow/ipc/schema-message.ts";
import { encodeRecordBatch, schemaStream } from "../../../src/arrow/ipc/stream.ts";
import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { encodeComponent } from "../../../src/pipeline/values/value-encoder.ts";
import { arbitraryInstance } from "../encoders/arbitrary-values.ts";
import { componentDatatypes, otherDatatypes } from "../encoders/datatypes.ts";
import { toApacheArrow } from "../encoders/to-apache-arrow.ts";

const field = (name: string, type: DataType, metadata?: Readonly<Record<string, string>>): Field => ({
  name,
  nullable: true,
  type,
  ...(metadata && { metadata }),
});

/** Lists of each call are one row; null is a row without a list. */
function listColumn(type: DataType, rows: readonly (readonly unknown[] | null)[]): ListColumn {
  const column = new ListColumn(type);
  for (const row of rows) {
    if (row === null) {
      column.appendNull();
      continue;
    }
    const packed = new ByteWriter();
    encodeComponent({ descriptor: { component: "x" }, type }, row, packed);
    column.append(new ByteReader(packed.written()));
  }
  return column;
}

describe("a record batch, read by apache-arrow", () => {
  // apache-arrow rounds timestamps to milliseconds; the official SDK judges them in test/unit/rrd
  const types = [...componentDatatypes(), ...otherDatatypes].filter(([name]) => name !== "Timestamp");

  it.each(types)("has the lists of %s that were put in", (_, type) => {
    const rows = fc.array(fc.option(fc.array(arbitraryInstance(type), { maxLength: 3 }), { nil: null }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(rows, (given) => {
        const array = listColumn(type, given).finish();
        const stream = encodeRecordBatch({ fields: [field("x", array.type)] }, [array], given.length);
        const table = tableFromIPC(stream);
        expect(table.numRows).toBe(given.length);
        expect(table.getChildAt(0)?.nullCount).toBe(given.filter((row) => row === null).length);
        const read = (list: unknown) => JSON.stringify(list, (_key, value) => printable(value));
        const direct = toApacheArrow(array);
        for (const at of given.keys()) expect(read(table.getChildAt(0)?.get(at))).toBe(read(direct.get(at)));
      }),
      { numRuns: 10 },
    );
  });

  it("stores exact lengths of buffers and zeros between them (`rerun rrd compare` looks at lengths)", () => {
    const stream = encodeRecordBatch({ fields: [field("t", "Utf8")] }, [utf8Array(["hello", "you"])], 2);
    const reader = new MessageReader(stream);
    reader.readMessage();
    const header = reader.readMessage()?.header() as { buffers: readonly { offset: number; length: number }[] };
    expect(header.buffers.map(({ length }) => length)).toEqual([0, 12, 8]);
    expect(header.buffers.every(({ offset }) => offset % 8 === 0)).toBe(true);
    expect(stream.length % 8).toBe(0);
  });

  it("has the arrays of values that are made at once", () => {
    const ids = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)];
    const [first, second] = [new Bitmap(2), new Bitmap(2)];
    first.set(0);
    second.set(1);
    second.set(1);
    const arrays = [
      utf8Array(["ä", ""]),
      booleanArray(first),
      uint64Array([7, 2 ** 40]),
      binaryArray(2, ids),
      int64Array("Int64", BigInt64Array.of(0n, -(2n ** 63n)), second),
    ];
    const fields = arrays.map(({ type }, at) => field(`c${at}`, type));
    const table = tableFromIPC(encodeRecordBatch({ fields }, arrays, 2));
    const columns = fields.map(({ name }) => [...(table.getChild(name) ?? [])]);
    expect(columns).toEqual([["ä", ""], [true, false], [7n, 2n ** 40n], ids, [null, -(2n ** 63n)]]);
  });
});

describe("a schema, read by apache-arrow", () => {
  const metadata = fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), {
    noNullPrototype: true,
  });

  it("has names, metadata and nullability of every field", () => {
    const fields = fc.uniqueArray(
      fc.record({ name: fc.string({ unit: "grapheme" }), nullable: fc.boolean(), metadata, type: fc.constant("Int8") }),
      { selector: ({ name }) => name }, // apache-arrow mixes up fields of one name
    );
    fc.assert(
      fc.property(fields, metadata, (given, ofSchema) => {
        const { schema } = tableFromIPC(
          schemaStream(encodeSchemaMessage({ fields: given as Field[], metadata: ofSchema }).bytes),
        );
        expect(Object.fromEntries(schema.metadata)).toEqual(ofSchema);
        expect(
          schema.fields.map(({ name, nullable, metadata: pairs }) => [name, nullable, Object.fromEntries(pairs)]),
        ).toEqual(given.map(({ name, nullable, metadata: pairs }) => [name, nullable, pairs]));
      }),
    );
  });

  it("keeps the string that was asked for at its end", () => {
    const { bytes, positionOf } = encodeSchemaMessage(
      { fields: [field("a", "Int8", { path: "/x" })], metadata: { path: "/last" } },
      "/last",
    );
    const at = positionOf("/last");
    expect(new ByteReader(bytes, at).string()).toBe("/last");
    expect(bytes.subarray(at + 9).every((byte) => byte === 0)).toBe(true);
    for (const text of ["a", "path", "/x"]) expect(positionOf(text)).toBeLessThan(at);
  });
});

function printable(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "number" && !Number.isFinite(value)) return `${value}`;
  return value;
}
