import { ByteWriter } from "../bytes/byte-writer.ts";
import { TUID_BYTES } from "../bytes/tuid.ts";
import { Compression, Encoding } from "./proto-enums.ts";
import { bytesTag, fixed64Tag, putBytesField, putNumberField } from "./proto-field.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdBytes } from "./store-id-bytes.ts";

/** What an `ArrowMsg` says beside its payload. */
export interface ArrowMsgHead {
  readonly store: StoreId;
  readonly chunkId: Uint8Array;
  readonly isStatic: boolean;
  readonly isCompressed: boolean;
  /** Bytes of the IPC stream. */
  readonly uncompressedBytes: number;
}

/** Field numbers. */
export const Field = {
  storeId: 1,
  compression: 2,
  uncompressedSize: 3,
  encoding: 4,
  payload: 5,
  chunkId: 6,
  isStatic: 7,
} as const;

const FIRST_BYTES = 64 << 10;

/** Memory of more is kept for the next one of its kind, an image behind an image, but not for long. */
const KEEP_BYTES = 4 << 20;
const KEEP_MESSAGES = 64;
const MAX_KEPT_BYTES = 32 << 20;

let writer = new ByteWriter(FIRST_BYTES);
/** Messages since the last that needed the memory. */
let idle = 0;

/**
 * The protobuf message of one chunk, by hand: the library takes 10.6 µs for it, this takes 1.4. Fields as official SDKs write them,
 * the two optional ones too (`rrd verify` needs the chunk id).
 *
 * @param payload in parts.
 * @returns a view that is valid until the next call.
 */
export function encodeArrowMsg(head: ArrowMsgHead, ...payload: readonly Uint8Array[]): Uint8Array {
  begin();
  putBytesField(writer, Field.storeId, storeIdBytes(head.store));
  putNumberField(writer, Field.compression, head.isCompressed ? Compression.LZ4 : Compression.NONE);
  putNumberField(writer, Field.uncompressedSize, head.uncompressedBytes);
  putNumberField(writer, Field.encoding, Encoding.ARROW_IPC);
  putBytesField(writer, Field.payload, ...payload);
  putTuid(head.chunkId);
  putNumberField(writer, Field.isStatic, head.isStatic ? 1 : 0);
  return writer.written();
}

function begin(): void {
  const { length } = writer.bytes;
  if (length > KEEP_BYTES) {
    idle = writer.position > KEEP_BYTES ? 0 : idle + 1;
    if (length > MAX_KEPT_BYTES || idle > KEEP_MESSAGES) writer = new ByteWriter(FIRST_BYTES);
  }
  writer.reset();
}

/** Big endian as an id, little endian as the two numbers of the message: 1 time_ns │ 2 inc. */
function putTuid(id: Uint8Array): void {
  writer.u8(bytesTag(Field.chunkId));
  writer.u8(2 + TUID_BYTES);
  writer.u8(fixed64Tag(1));
  for (let i = 7; i >= 0; i--) writer.u8(id[i] as number);
  writer.u8(fixed64Tag(2));
  for (let i = 15; i >= 8; i--) writer.u8(id[i] as number);
}
