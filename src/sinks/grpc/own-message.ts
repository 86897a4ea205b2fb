import type { LogMessage } from "../../rrd/log-message.ts";
import { isTimeless } from "../prelude.ts";
import type { ProxyMessage } from "./message-history.ts";

/** One of our own. The payload has to be owned. */
export function ownProxyMessage(message: LogMessage): ProxyMessage {
  const { kind, payload, store } = message;
  const isChunk = kind === "arrow";
  return {
    kind,
    payload,
    isPersistent: !isChunk || store.kind === "blueprint",
    isStatic: isChunk && isTimeless(message),
  };
}
