import { fromBinary } from "@bufbuild/protobuf";
import { decompressBlock } from "../../bytes/lz4.ts";
import { Compression, type StoreId as StoreIdMessage, type Tuid } from "../proto/rerun/common/v1alpha1/common_pb.ts";
import { ArrowMsgSchema, Encoding } from "../proto/rerun/log_msg/v1alpha1/log_msg_pb.ts";
import { formatError } from "./format-error.ts";

/** An `ArrowMsg` whose Arrow data is still packed. */
export interface ArrowPayload {
  readonly storeId: StoreIdMessage | undefined;
  readonly isStatic: boolean | undefined;
  /** TUID; old writers leave it out. */
  readonly chunkId: Tuid | undefined;
  readonly packed: PackedIpc;
}

export interface PackedIpc {
  readonly bytes: Uint8Array;
  readonly compression: Compression;
  /** What the sender says; to be believed within what LZ4 can do (I8). */
  readonly uncompressedBytes: bigint;
}

export function parseArrowPayload(payload: Uint8Array): ArrowPayload {
  const message = fromBinary(ArrowMsgSchema, payload);
  if (message.encoding !== Encoding.ARROW_IPC) throw formatError(`a chunk in encoding ${message.encoding}`);
  return {
    storeId: message.storeId,
    isStatic: message.isStatic,
    chunkId: message.chunkId,
    packed: { bytes: message.payload, compression: message.compression, uncompressedBytes: message.uncompressedSize },
  };
}

/** The Arrow IPC stream; a view of the message where nothing was compressed. */
export function unpackIpc({ bytes, compression, uncompressedBytes }: PackedIpc): Uint8Array {
  switch (compression) {
    case Compression.UNSPECIFIED:
    case Compression.NONE:
      return bytes;
    case Compression.LZ4:
      return decompressBlock(bytes, Number(uncompressedBytes));
    default:
      throw formatError(`a chunk with compression ${compression}`);
  }
}
