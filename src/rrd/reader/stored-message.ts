import { MESSAGE_HEADER_BYTES, MessageKind } from "../frame.ts";
import type { ArrowMessage, ChunkSummary, LogMessage } from "../log-message.ts";
import type { StoreId } from "../store-id.ts";
import { parseArrowPayload, unpackIpc } from "./arrow-payload.ts";
import { readingAt } from "./format-error.ts";
import { decodeChunk, type RrdChunk } from "./rrd-chunk.ts";
import type { MessageEntry } from "./scan.ts";
import { checkStrictly } from "./strict.ts";
import { summaryOf } from "./summary.ts";

/** A message as it is in its file; `payload` is to be copied byte for byte. */
export function storedMessage({ kind, offset, store }: MessageEntry, payload: Uint8Array): LogMessage {
  switch (kind) {
    case MessageKind.SetStoreInfo:
      return { kind: "store-info", store, payload };
    case MessageKind.BlueprintActivationCommand:
      return { kind: "activation", store, payload };
    case MessageKind.ArrowMsg:
      return new StoredChunk(store, payload, offset - MESSAGE_HEADER_BYTES);
  }
}

/** A chunk that is decoded when somebody looks into it. */
export class StoredChunk implements ArrowMessage {
  readonly kind = "arrow";
  readonly store: StoreId;
  readonly payload: Uint8Array;
  /** Where the message begins in its file. */
  readonly offset: number;
  #summary: ChunkSummary | undefined;
  #isStatic: boolean | undefined;

  constructor(store: StoreId, payload: Uint8Array, offset = 0) {
    this.store = store;
    this.payload = payload;
    this.offset = offset;
  }

  get summary(): ChunkSummary {
    this.#summary ??= readingAt(this.offset, () => summaryOf(this.decode()));
    return this.#summary;
  }

  get isStatic(): boolean {
    this.#isStatic ??= this.summary.timelines.length === 0;
    return this.#isStatic;
  }

  /** Like `decode`, and of everything that official readers ask for and ours can do without. */
  decodeStrictly(): RrdChunk {
    return readingAt(this.offset, () => {
      const { packed, chunkId } = parseArrowPayload(this.payload);
      const chunk = decodeChunk(this.store, unpackIpc(packed));
      checkStrictly(chunk, packed, chunkId);
      return chunk;
    });
  }

  /** @throws RerunError ERR_RERUN_FORMAT */
  decode(): RrdChunk {
    return readingAt(this.offset, () => decodeChunk(this.store, unpackIpc(parseArrowPayload(this.payload).packed)));
  }
}
