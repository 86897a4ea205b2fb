import { BinaryReader } from "@bufbuild/protobuf/wire";
import { ByteWriter } from "../bytes/byte-writer.ts";
import { Field } from "./arrow-msg.ts";
import type { ArrowMessage } from "./log-message.ts";
import { putBytesField } from "./proto-field.ts";
import type { StoreId } from "./store-id.ts";
import { storeIdBytes } from "./store-id-bytes.ts";

/** The same chunk as one of another store: only the message says where it belongs, its Arrow data is not looked into. */
export function retargetChunk({ payload, isStatic, summary }: ArrowMessage, store: StoreId): ArrowMessage {
  const id = storeIdBytes(store);
  const message = new ByteWriter(payload.length + id.length + 8);
  putBytesField(message, Field.storeId, id);
  const reader = new BinaryReader(payload);
  while (reader.pos < reader.len) {
    const begin = reader.pos;
    const [no, wireType] = reader.tag();
    reader.skip(wireType, no);
    if (no !== Field.storeId) message.raw(payload.subarray(begin, reader.pos));
  }
  return { kind: "arrow", store, payload: message.written(), isStatic, summary };
}
