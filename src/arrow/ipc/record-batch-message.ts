import { Builder } from "flatbuffers";
import { setBounded } from "../../set-bounded.ts";
import type { ArrayData } from "../array-data.ts";
import { MessageHeader, MessageTable, MetadataVersion, padded, RecordBatchTable } from "./format.ts";
import { finishMessage } from "./message.ts";

/** A record batch as one message: its size is known before a byte is written, so it can be written where it is needed. */
export interface RecordBatchMessage {
  readonly byteLength: number;
  /** Where its first buffer begins in it. */
  readonly bodyAt: number;
  /** Writes exactly `byteLength` bytes, zeros in the padding included. */
  write(target: Uint8Array, at: number): void;
}

/** The metadata of a batch with so many arrays and buffers, and where the numbers go. */
interface HeaderTemplate {
  readonly bytes: Uint8Array;
  readonly lengthAt: number;
  readonly bodyLengthAt: number;
  readonly nodesAt: number;
  readonly buffersAt: number;
}

const MAX_TEMPLATES = 256;
const templates = new Map<number, HeaderTemplate>();

/** Length and null count of an array; offset and length of a buffer: two int64 each. */
const PAIR_BYTES = 16;

/**
 *   prefix · metadata (length, nodes, buffers) · buffer, padding · buffer, padding · …
 *
 * Only numbers differ between batches of one form, so the metadata is built once per form and patched. Lengths of buffers are
 * exact and the padding is outside of them, because `rerun rrd compare` compares buffers by their lengths.
 */
export function recordBatchMessage(arrays: readonly ArrayData[], numRows: number): RecordBatchMessage {
  const nodes: ArrayData[] = [];
  const buffers: Uint8Array[] = [];
  for (const array of arrays) flatten(array, nodes, buffers);
  let bodyLength = 0;
  for (const buffer of buffers) bodyLength += padded(buffer.length);
  const template = templateFor(nodes.length, buffers.length);
  return {
    byteLength: template.bytes.length + bodyLength,
    bodyAt: template.bytes.length,
    write(target, at) {
      target.set(template.bytes, at);
      const view = new DataView(target.buffer, target.byteOffset + at, template.bytes.length);
      putInt64(view, template.lengthAt, numRows);
      putInt64(view, template.bodyLengthAt, bodyLength);
      let position = template.nodesAt;
      for (const { length, nullCount } of nodes) {
        putInt64(view, position, length);
        putInt64(view, position + 8, nullCount);
        position += PAIR_BYTES;
      }
      position = template.buffersAt;
      let offset = 0;
      const body = at + template.bytes.length;
      for (const buffer of buffers) {
        putInt64(view, position, offset);
        putInt64(view, position + 8, buffer.length);
        position += PAIR_BYTES;
        target.set(buffer, body + offset);
        const end = offset + buffer.length;
        offset = padded(end);
        for (let i = end; i < offset; i++) target[body + i] = 0;
      }
    },
  };
}

/** Depth first, a parent before its children. */
function flatten(array: ArrayData, nodes: ArrayData[], buffers: Uint8Array[]): void {
  nodes.push(array);
  for (const buffer of array.buffers) buffers.push(buffer);
  for (const child of array.children) flatten(child, nodes, buffers);
}

function templateFor(nodes: number, buffers: number): HeaderTemplate {
  const key = nodes * 0x10000 + buffers;
  let template = templates.get(key);
  if (template === undefined) {
    template = buildTemplate(nodes, buffers);
    setBounded(templates, key, template, MAX_TEMPLATES);
  }
  return template;
}

function buildTemplate(nodes: number, buffers: number): HeaderTemplate {
  const builder = new Builder(1024);
  builder.forceDefaults(true);
  const buffersVector = pairs(builder, buffers);
  const nodesVector = pairs(builder, nodes);
  builder.startObject(5);
  builder.addFieldInt64(RecordBatchTable.length, 0n, 0n);
  const lengthField = builder.offset();
  builder.addFieldOffset(RecordBatchTable.nodes, nodesVector, 0);
  builder.addFieldOffset(RecordBatchTable.buffers, buffersVector, 0);
  const header = builder.endObject();
  builder.startObject(5);
  builder.addFieldInt64(MessageTable.bodyLength, 0n, 0n);
  const bodyLengthField = builder.offset();
  builder.addFieldOffset(MessageTable.header, header, 0);
  builder.addFieldInt16(MessageTable.version, MetadataVersion.V5, 0);
  builder.addFieldInt8(MessageTable.headerType, MessageHeader.RecordBatch, 0);
  const { bytes, position } = finishMessage(builder, builder.endObject());
  return {
    bytes,
    lengthAt: position(lengthField),
    bodyLengthAt: position(bodyLengthField),
    nodesAt: position(nodesVector) + 4,
    buffersAt: position(buffersVector) + 4,
  };
}

function pairs(builder: Builder, count: number): number {
  builder.startVector(PAIR_BYTES, count, 8);
  for (let i = 0; i < 2 * count; i++) builder.addInt64(0n);
  return builder.endVector();
}

/** Lengths fit 2⁵³, so no BigInt is needed. */
function putInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}
