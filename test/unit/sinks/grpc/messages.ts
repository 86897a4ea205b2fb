import type { ArrowMessage, LogMessage } from "../../../../src/rrd/log-message.ts";
import type { StoreId } from "../../../../src/rrd/store-id.ts";
import { storeInfoMessage } from "../../../../src/rrd/store-info.ts";

export const STORE: StoreId = { kind: "recording", applicationId: "app", recordingId: "rec" };
export const BLUEPRINT: StoreId = { kind: "blueprint", applicationId: "app", recordingId: "layout" };

/** A message that says what it is: proxies do not look into chunks. */
export function chunk(label: string, { isStatic = false, bytes = 100, store = STORE } = {}): ArrowMessage {
  const payload = new Uint8Array(bytes);
  payload.set(new TextEncoder().encode(label));
  const summary = {
    id: new Uint8Array(16),
    entityPath: `/${label}`,
    numRows: 1,
    uncompressedBytes: bytes,
    timelines: [],
    components: [],
  };
  return { kind: "arrow", store, payload, isStatic, summary };
}

export const info = (store = STORE): LogMessage => storeInfoMessage(store);

/** The label of a chunk, or the kind of another message. */
export function labelOf({ kind, payload }: Pick<LogMessage, "kind" | "payload">): string {
  if (kind !== "arrow") return kind;
  const end = payload.indexOf(0);
  return new TextDecoder().decode(payload.subarray(0, end < 0 ? payload.length : end));
}
