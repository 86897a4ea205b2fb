import type { ArrayData } from "../array-data.ts";
import type { Schema } from "../schema.ts";
import { END_OF_STREAM } from "./format.ts";
import { recordBatchMessage } from "./record-batch-message.ts";
import { encodeSchemaMessage } from "./schema-message.ts";

/** One record batch as an IPC stream: schema, batch, end. */
export function encodeRecordBatch(schema: Schema, arrays: readonly ArrayData[], numRows: number): Uint8Array {
  return recordBatchBehind(encodeSchemaMessage(schema).bytes, arrays, numRows);
}

/** The same behind the message of its schema. */
export function recordBatchBehind(head: Uint8Array, arrays: readonly ArrayData[], numRows: number): Uint8Array {
  const batch = recordBatchMessage(arrays, numRows);
  const stream = new Uint8Array(head.length + batch.byteLength + END_OF_STREAM.length);
  stream.set(head);
  batch.write(stream, head.length);
  stream.set(END_OF_STREAM, head.length + batch.byteLength);
  return stream;
}

/** The message of a schema as an IPC stream without batches. */
export function schemaStream(head: Uint8Array): Uint8Array {
  const stream = new Uint8Array(head.length + END_OF_STREAM.length);
  stream.set(head);
  stream.set(END_OF_STREAM, head.length);
  return stream;
}
