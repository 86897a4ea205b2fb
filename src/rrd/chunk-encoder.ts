import type { ArrayData } from "../arrow/array-data.ts";
import { END_OF_STREAM } from "../arrow/ipc/format.ts";
import { recordBatchMessage } from "../arrow/ipc/record-batch-message.ts";
import { compressBlock, MAX_BLOCK_BYTES } from "../bytes/lz4.ts";
import type { FixedRows } from "../bytes/lz4-rows.ts";
import { TUID_BYTES } from "../bytes/tuid.ts";
import { encodeArrowMsg } from "./arrow-msg.ts";
import type { Chunk, TimelineColumn } from "./chunk.ts";
import { chunkSchema } from "./chunk-schema.ts";
import { summarizeChunk } from "./chunk-summary.ts";
import { ROW_ID_TYPE, timelineDatatype } from "./column-fields.ts";
import type { ArrowMessage } from "./log-message.ts";
import type { StoreId } from "./store-id.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * A chunk as the message that is written.
 *
 *   chunk ─▶ [ schema | record batch | end ] ─▶ LZ4 block ─▶ ArrowMsg
 *             └─ written where LZ4 reads it ─┘
 *
 * The payload is a view that is valid until the next chunk is encoded; who keeps the message copies it. The summary is its own.
 * I9: the same chunk gives the same bytes.
 */
export function encodeChunk(store: StoreId, chunk: Chunk): ArrowMessage {
  const schema = chunkSchema(chunk);
  const batch = recordBatchMessage(columnsOf(chunk), chunk.numRows);
  const uncompressedBytes = schema.byteLength + batch.byteLength + END_OF_STREAM.length;
  const isStatic = chunk.timelines.length === 0;
  const fill = (target: Uint8Array): void => {
    schema.write(target);
    batch.write(target, schema.byteLength);
    target.set(END_OF_STREAM, schema.byteLength + batch.byteLength);
  };
  const isCompressed = uncompressedBytes <= MAX_BLOCK_BYTES;
  const head = { store, chunkId: chunk.id, isStatic, isCompressed, uncompressedBytes };
  const payload = isCompressed
    ? compressBlock(
        uncompressedBytes,
        fill,
        (...parts) => encodeArrowMsg(head, ...parts),
        fixedRows(chunk, schema.byteLength + batch.bodyAt),
      )
    : encodeArrowMsg(head, filled(uncompressedBytes, fill));
  return { kind: "arrow", store, payload, isStatic, summary: summarizeChunk(chunk, uncompressedBytes) };
}

/** The columns that stand in front, where in the payload they are. Their bytes fill their buffers: 8 is what Arrow aligns to. */
function fixedRows({ numRows, timelines }: Chunk, bodyAt: number): FixedRows[] {
  const times = bodyAt + TUID_BYTES * numRows;
  return [
    { at: bodyAt, width: TUID_BYTES, count: numRows },
    ...timelines.map((_, i): FixedRows => ({ at: times + 8 * numRows * i, width: 8, count: numRows })),
  ];
}

/** Row ids, then timelines, then components: the only order that readers take (rrd-format §3.2). */
function columnsOf({ rowIds, numRows, timelines, components }: Chunk): ArrayData[] {
  return [
    { type: ROW_ID_TYPE, length: numRows, nullCount: 0, buffers: [NO_BYTES, rowIds], children: [] },
    ...timelines.map(timesArray),
    ...components.map(({ list }) => list),
  ];
}

function timesArray({ type, times }: TimelineColumn): ArrayData {
  const bytes = new Uint8Array(times.buffer, times.byteOffset, times.byteLength);
  return {
    type: timelineDatatype(type),
    length: times.length,
    nullCount: 0,
    buffers: [NO_BYTES, bytes],
    children: [],
  };
}

function filled(length: number, fill: (target: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(bytes);
  return bytes;
}
