import { compressBlock, MAX_BLOCK_BYTES } from "../../bytes/lz4.ts";
import { encodeArrowMsg } from "../arrow-msg.ts";
import type { ArrowMessage } from "../log-message.ts";
import type { RrdChunk } from "./rrd-chunk.ts";
import { summaryOf } from "./summary.ts";

/** A chunk that was read, as a message again: its Arrow data byte for byte, so with all that another SDK has put into it. */
export function packChunk(chunk: RrdChunk): ArrowMessage {
  const { recording: store, id: chunkId, isStatic } = chunk;
  const ipc = chunk.ipc();
  const isCompressed = ipc.length <= MAX_BLOCK_BYTES;
  const head = { store, chunkId, isStatic, isCompressed, uncompressedBytes: ipc.length };
  const payload = isCompressed
    ? compressBlock(
        ipc.length,
        (target) => target.set(ipc),
        (block) => encodeArrowMsg(head, block),
      )
    : encodeArrowMsg(head, ipc);
  return { kind: "arrow", store, payload: payload.slice(), isStatic, summary: summaryOf(chunk) };
}
