import { MESSAGE_HEADER_BYTES, MessageKind, parseMessageHeader, STREAM_HEADER_BYTES } from "../frame.ts";
import type { LogMessage } from "../log-message.ts";
import { formatError } from "./format-error.ts";
import { StoreIds } from "./store-ids.ts";
import { storedMessage } from "./stored-message.ts";

/** A message that is in a file already, and where its payload begins there. */
export interface WrittenMessage {
  readonly message: LogMessage;
  readonly offset: number;
}

/**
 * The messages of a file of ours that ends after `byteLength` bytes with a whole one, or with its footer: for an index of its chunks,
 * and for what the next segment begins with.
 *
 * @param read reads so many bytes at a place
 * @throws RerunError ERR_RERUN_FORMAT if it is no such file
 */
export function* writtenMessages(
  read: (at: number, byteLength: number) => Uint8Array,
  byteLength: number,
): Generator<WrittenMessage> {
  const stores = new StoreIds();
  for (let at = STREAM_HEADER_BYTES; at < byteLength; ) {
    const { kind, length } = parseMessageHeader(read(at, MESSAGE_HEADER_BYTES));
    const offset = at + MESSAGE_HEADER_BYTES;
    if (kind === MessageKind.End) return;
    if (kind === undefined) throw formatError("a message of a kind that is not known");
    const payload = read(offset, length);
    yield { message: storedMessage({ kind, offset, length, store: stores.in(kind, payload) }, payload), offset };
    at = offset + length;
  }
}
