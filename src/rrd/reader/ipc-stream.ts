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
import { FlatBuffer, type Table } from "./flat-buffer.ts";
import { formatError } from "./format-error.ts";

/** Types nest no deeper than this in anything that is meant seriously. */
const MAX_DEPTH = 64;

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
export function checkedMessages(
  bytes: Uint8Array,
  flatBufferOf: (metadata: Uint8Array) => FlatBuffer = (metadata) => new FlatBuffer(metadata),
): Uint8Array[] {
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
    const metadata = flatBufferOf(bytes.subarray(at, at + length));
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
  const { first, count } = flat.vector(parent, index, 4);
  for (let i = 0; i < count; i++) {
    const field = flat.table(first + 4 * i);
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
  const { first, count } = flat.vector(parent, index, 4);
  for (let i = 0; i < count; i++) {
    const entry = flat.table(first + 4 * i);
    flat.string(entry, KeyValueTable.key);
    flat.string(entry, KeyValueTable.value);
  }
}

function checkBatch(flat: FlatBuffer, batch: Table, bodyLength: number): void {
  flat.vector(batch, RecordBatchTable.nodes, 16);
  flat.vector(batch, VARIADIC_COUNTS, 8);
  if (flat.child(batch, RecordBatchTable.compression) !== undefined)
    throw formatError("an Arrow body that is compressed");
  const { first, count } = flat.vector(batch, RecordBatchTable.buffers, 16);
  for (let i = 0; i < count; i++) {
    const offset = flat.i64At(first + 16 * i);
    const length = flat.i64At(first + 16 * i + 8);
    if (offset < 0 || length < 0 || offset + length > bodyLength)
      throw formatError("an Arrow buffer outside of its body");
  }
}

/** Field of `RecordBatch`: how many buffers each column of views has. */
const VARIADIC_COUNTS = 4;
