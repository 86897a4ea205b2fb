import {
  CONTINUATION,
  FieldTable,
  KeyValueTable,
  MessageHeader,
  MessageTable,
  MetadataVersion,
  RecordBatchTable,
  SchemaTable,
  Type,
} from "../../arrow/ipc/format.ts";
import { formatError } from "./format-error.ts";

/** Types nest no deeper than this in anything that is meant seriously. */
const MAX_DEPTH = 64;

/** Names and lists may be shared in a FlatBuffer, but a schema that says more than so many times its bytes is a trap. */
const MAX_SHARING = 16;

/** `DictionaryBatch` and `Union` of Arrow's schema, which we never write. */
const DictionaryBatchTable = { data: 1 } as const;
const UnionTable = { typeIds: 1 } as const;

/**
 * Cuts an IPC stream into the messages that make up its first batch, each whole and checked (I8):
 *
 *   schema · dictionaries… · record batch │ rest is not looked at (rrd-format §4)
 *
 * flechette believes every length it reads: a count of 2³¹ makes it allocate, a negative one makes it run in circles. So
 * all counts and ranges are held against the bytes that are there before it sees them.
 */
export function checkedMessages(bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const start = at;
    let length = view.getUint32(at, true);
    at += 4;
    if (length === CONTINUATION) {
      if (at + 4 > bytes.length) break;
      length = view.getUint32(at, true);
      at += 4;
    }
    if (length === 0) break;
    if (length > bytes.length - at) throw formatError("Arrow metadata that is cut off");
    const metadata = new FlatBuffer(bytes.subarray(at, at + length));
    at += length;
    const { type, bodyLength } = checkMessage(metadata, bytes.length - at, messages.length === 0);
    messages.push(aligned(bytes.subarray(start, at + bodyLength), at - start));
    if (type === MessageHeader.RecordBatch) return messages;
    at += bodyLength;
  }
  throw formatError("an Arrow stream without a record batch");
}

/** Columns of 64-bit numbers are views of the body, so it has to start at a multiple of 8. */
function aligned(message: Uint8Array, bodyAt: number): Uint8Array {
  const shift = (message.byteOffset + bodyAt) % 8;
  if (shift === 0) return message;
  const start = (8 - (bodyAt % 8)) % 8;
  const copy = new Uint8Array(start + message.length).subarray(start);
  copy.set(message);
  return copy;
}

function checkMessage(flat: FlatBuffer, available: number, isFirst: boolean): { type: number; bodyLength: number } {
  const root = flat.table(0);
  if (flat.i16(root, MessageTable.version) < MetadataVersion.V4) throw formatError("Arrow of a version before 1.0");
  const type = flat.u8(root, MessageTable.headerType);
  const bodyLength = flat.i64(root, MessageTable.bodyLength);
  if (bodyLength < 0 || bodyLength > available) throw formatError("an Arrow body that is cut off");
  const header = flat.child(root, MessageTable.header);
  if (header === undefined || (type === MessageHeader.Schema) !== isFirst) {
    throw formatError("an Arrow stream that does not begin with one schema");
  }
  if (type === MessageHeader.Schema) checkSchema(flat, header);
  else if (type === MessageHeader.RecordBatch) checkBatch(flat, header, bodyLength);
  else if (type === MessageHeader.DictionaryBatch) {
    const data = flat.child(header, DictionaryBatchTable.data);
    if (data === undefined) throw formatError("an Arrow dictionary without values");
    checkBatch(flat, data, bodyLength);
  } else throw formatError(`an Arrow message of kind ${type}`);
  return { type, bodyLength };
}

function checkSchema(flat: FlatBuffer, schema: Table): void {
  if (flat.i16(schema, SchemaTable.endianness) !== 0) throw formatError("big-endian Arrow");
  checkFields(flat, schema, SchemaTable.fields, 0);
  checkMetadata(flat, schema, SchemaTable.customMetadata);
}

function checkFields(flat: FlatBuffer, parent: Table, index: number, depth: number): void {
  if (depth > MAX_DEPTH) throw formatError("Arrow types that nest too deep");
  for (const at of flat.vector(parent, index, 4)) {
    const field = flat.table(at);
    flat.string(field, FieldTable.name);
    checkMetadata(flat, field, FieldTable.customMetadata);
    const type = flat.child(field, FieldTable.type);
    if (type !== undefined && flat.u8(field, FieldTable.typeType) === Type.Union) {
      flat.vector(type, UnionTable.typeIds, 4);
    }
    flat.child(field, FieldTable.dictionary);
    checkFields(flat, field, FieldTable.children, depth + 1);
  }
}

function checkMetadata(flat: FlatBuffer, parent: Table, index: number): void {
  for (const at of flat.vector(parent, index, 4)) {
    const entry = flat.table(at);
    flat.string(entry, KeyValueTable.key);
    flat.string(entry, KeyValueTable.value);
  }
}

function checkBatch(flat: FlatBuffer, batch: Table, bodyLength: number): void {
  flat.vector(batch, RecordBatchTable.nodes, 16);
  flat.vector(batch, VARIADIC_COUNTS, 8);
  if (flat.child(batch, RecordBatchTable.compression) !== undefined)
    throw formatError("an Arrow body that is compressed");
  for (const at of flat.vector(batch, RecordBatchTable.buffers, 16)) {
    const offset = flat.i64At(at);
    const length = flat.i64At(at + 8);
    if (offset < 0 || length < 0 || offset + length > bodyLength)
      throw formatError("an Arrow buffer outside of its body");
  }
}

/** Field of `RecordBatch`: how many buffers each column of views has. */
const VARIADIC_COUNTS = 4;

/** Where a table stands, and its list of fields. */
interface Table {
  readonly at: number;
  readonly fieldsAt: number;
  readonly fieldsEnd: number;
}

/** A FlatBuffer of which nothing is believed: what points outside throws a RangeError, what points backwards a format error. */
class FlatBuffer {
  readonly #view: DataView;
  #budget: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = bytes.length * MAX_SHARING;
  }

  /** The table that `at` points to. */
  table(at: number): Table {
    const table = this.#follow(at);
    const fieldsAt = table - this.#view.getInt32(table, true);
    const size = this.#view.getInt16(fieldsAt, true);
    this.#spend(4);
    return { at: table, fieldsAt, fieldsEnd: fieldsAt + size };
  }

  child(parent: Table, index: number): Table | undefined {
    const at = this.#field(parent, index);
    return at === undefined ? undefined : this.table(at);
  }

  u8(table: Table, index: number): number {
    const at = this.#field(table, index);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  i16(table: Table, index: number): number {
    const at = this.#field(table, index);
    return at === undefined ? 0 : this.#view.getInt16(at, true);
  }

  i64(table: Table, index: number): number {
    const at = this.#field(table, index);
    return at === undefined ? 0 : this.i64At(at);
  }

  i64At(at: number): number {
    return Number(this.#view.getBigInt64(at, true));
  }

  string(table: Table, index: number): void {
    this.vector(table, index, 1);
  }

  /** Where the items are; their `stride` is in bytes. */
  vector(table: Table, index: number, stride: number): { [Symbol.iterator](): Iterator<number> } {
    const field = this.#field(table, index);
    if (field === undefined) return [];
    const at = this.#follow(field);
    const count = this.#view.getInt32(at, true);
    const first = at + 4;
    if (count < 0 || first + count * stride > this.#view.byteLength)
      throw formatError("an Arrow vector without its items");
    this.#spend(4 + count * stride);
    return {
      *[Symbol.iterator]() {
        for (let i = 0; i < count; i++) yield first + i * stride;
      },
    };
  }

  #field({ at, fieldsAt, fieldsEnd }: Table, index: number): number | undefined {
    const slot = fieldsAt + 4 + 2 * index;
    if (slot >= fieldsEnd) return undefined;
    const offset = this.#view.getInt16(slot, true);
    return offset === 0 ? undefined : at + offset;
  }

  #follow(at: number): number {
    const offset = this.#view.getInt32(at, true);
    if (offset <= 0) throw formatError("Arrow metadata that points backwards");
    return at + offset;
  }

  #spend(bytes: number): void {
    this.#budget -= bytes;
    if (this.#budget < 0) throw formatError("Arrow metadata that repeats itself");
  }
}
