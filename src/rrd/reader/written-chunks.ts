import { MESSAGE_HEADER_BYTES, MessageKind, parseMessageHeader, STREAM_HEADER_BYTES } from "../frame.ts";
import type { ArrowMessage } from "../log-message.ts";
import { parseArrowPayload } from "./arrow-payload.ts";
import { StoreIds } from "./store-ids.ts";
import { StoredChunk } from "./stored-message.ts";

/** A chunk that is in a file already, and where its payload begins there. */
export interface WrittenChunk {
  readonly message: ArrowMessage;
  readonly offset: number;
}

/**
 * The chunks of a file of ours that ends after `byteLength` bytes with a whole message, for an index of them.
 *
 * @param read reads so many bytes at a place
 * @throws RerunError ERR_RERUN_FORMAT if it is no such file
 */
export function* writtenChunks(
  read: (at: number, byteLength: number) => Uint8Array,
  byteLength: number,
): Generator<WrittenChunk> {
  const stores = new StoreIds();
  for (let at = STREAM_HEADER_BYTES; at < byteLength; ) {
    const { kind, length } = parseMessageHeader(read(at, MESSAGE_HEADER_BYTES));
    const offset = at + MESSAGE_HEADER_BYTES;
    if (kind === MessageKind.ArrowMsg) {
      const payload = read(offset, length);
      const store = stores.of(parseArrowPayload(payload).storeId);
      yield { message: new StoredChunk(store, payload, at), offset };
    }
    at = offset + length;
  }
}
