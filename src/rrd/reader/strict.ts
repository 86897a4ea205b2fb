import { Type } from "../../arrow/ipc/format.ts";
import { lastSequence } from "../../bytes/lz4-block.ts";
import { Compression, type Tuid } from "../proto/rerun/common/v1alpha1/common_pb.ts";
import { readBatch } from "./arrow-batch.ts";
import type { PackedIpc } from "./arrow-payload.ts";
import { FlatBuffer, type Table } from "./flat-buffer.ts";
import { formatError } from "./format-error.ts";
import { checkedMessages } from "./ipc-stream.ts";
import type { RrdChunk } from "./rrd-chunk.ts";

/** Kinds of columns, of all versions (rrd-format §3.2, §3.10). */
const KINDS = new Set(["control", "row_id", "index", "time", "data", "component"]);

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * What official readers refuse and ours reads past: text that is not UTF-8, nulls that are not counted, metadata that is not laid out as
 * FlatBuffers must be, kinds of columns that do not exist, two ids of one chunk, LZ4 that copies from nowhere. Only those who vouch for a
 * file look so closely: `verify` and `recover`.
 *
 * @throws RerunError ERR_RERUN_FORMAT
 */
export function checkStrictly(chunk: RrdChunk, packed: PackedIpc, chunkId: Tuid | undefined): void {
  if (packed.compression === Compression.LZ4 && lastSequence(packed.bytes) === undefined) {
    throw formatError("a compressed chunk that copies from nowhere");
  }
  const ipc = chunk.ipc();
  checkedMessages(ipc, (metadata) => new StrictFlatBuffer(metadata));
  for (const { metadata, values } of readBatch(ipc).columns) {
    const kind = metadata.get("rerun:kind") ?? metadata.get("rerun.kind");
    if (kind !== undefined && !KINDS.has(kind)) throw formatError(`a column of a kind "${kind}"`);
    checkColumn(values as unknown as ColumnParts);
  }
  if (chunkId?.timeNs === undefined) return;
  const view = new DataView(chunk.id.buffer, chunk.id.byteOffset, chunk.id.byteLength);
  if (view.getBigUint64(0) !== chunkId.timeNs || view.getBigUint64(8) !== chunkId.inc) {
    throw formatError("a chunk with two ids");
  }
}

/** The parts of a column that may hold nulls and text. */
interface ColumnParts {
  readonly length: number;
  readonly type: { readonly typeId: number };
  readonly nullCount: number;
  /** One bit a value, 0 = null. */
  readonly validity?: Uint8Array;
  readonly values?: Uint8Array;
  readonly offsets?: ArrayLike<number | bigint>;
  readonly children?: readonly ColumnParts[];
}

function checkColumn({ length, type, nullCount, validity, values, offsets, children = [] }: ColumnParts): void {
  for (const child of children) checkColumn(child);
  if (nullCount > 0 && validity !== undefined && nullCount !== nullsOf(validity, length)) {
    throw formatError(`a column that has another number of nulls than the ${nullCount} it says`);
  }
  if (type.typeId !== Type.Utf8 || values === undefined || offsets === undefined) return;
  for (let i = 0; i < length; i++) checkUtf8(values.subarray(Number(offsets[i]), Number(offsets[i + 1])));
}

function nullsOf(validity: Uint8Array, length: number): number {
  let nulls = 0;
  for (let i = 0; i < length; i++) if (((validity[i >> 3] ?? 0) & (1 << (i & 7))) === 0) nulls += 1;
  return nulls;
}

function checkUtf8(bytes: Uint8Array): void {
  try {
    utf8.decode(bytes);
  } catch {
    throw formatError("text that is not UTF-8");
  }
}

/** Texts are UTF-8 and end with a zero; tables are where they may be (FlatBuffers, "Internals"). */
class StrictFlatBuffer extends FlatBuffer {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = bytes;
  }

  override table(at: number): Table {
    const table = super.table(at);
    const size = table.fieldsEnd - table.fieldsAt;
    const isInside = table.fieldsAt >= 0 && size >= 4 && table.fieldsEnd <= this.#bytes.length;
    if (!isInside || table.at % 4 !== 0 || table.fieldsAt % 2 !== 0 || size % 2 !== 0) {
      throw formatError("Arrow metadata with a table that is none");
    }
    return table;
  }

  override string(table: Table, index: number): void {
    const { first, count } = this.vector(table, index, 1);
    if (first === 0) return;
    if (this.#bytes[first + count] !== 0 || first % 4 !== 0)
      throw formatError("Arrow metadata with a text that is cut");
    checkUtf8(this.#bytes.subarray(first, first + count));
  }
}
