import type { EventEmitter } from "node:events";

const METHODS = ["addListener", "on", "once", "prependListener", "prependOnceListener", "removeListener"] as const;

/** By its methods: emitters of a page's own library count as well as Node's. */
export function isEventEmitter(value: unknown): value is EventEmitter {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return METHODS.every((method) => typeof (value as Record<string, unknown>)[method] === "function");
}
