import type { Accept } from "./accept.ts";
import type { Integer } from "./value-types.ts";

/** Pairs of texts: an object, a Map, or `[key, value]` pairs. */
export type KeyValues =
  | Readonly<Record<string, string>>
  | ReadonlyMap<string, string>
  | readonly (readonly [key: string, value: string])[];

/** How many messages each MCAP channel has, by its number: an object, a Map, or `[channel, count]` pairs. */
export type ChannelCounts =
  | Readonly<Record<number, Integer>>
  | ReadonlyMap<number, Integer>
  | readonly (readonly [channel: number, count: Integer])[];

type Make = (key: unknown, value: unknown) => unknown;

export const acceptKeyValues: Accept = (value) => acceptPairs(value, (first, second) => ({ first, second }));

export const acceptChannelCounts: Accept = (value) =>
  acceptPairs(value, (channel, count) => ({ channel_id: Number(channel), message_count: count }));

/** One instance, or an array of them (columns); what is in the format's own form already is left alone. */
function acceptPairs(value: unknown, make: Make): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value) || (value.length > 0 && value.every(isPair))) return [pairs(value, make)];
  return value.every(isOwnForm) ? value : value.map((one) => pairs(one, make));
}

function pairs(value: unknown, make: Make): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.every(isPair) ? value.map(([key, inner]) => make(key, inner)) : value;
  return [...entries(value)].map(([key, inner]) => make(key, inner));
}

function entries(value: object): Iterable<[unknown, unknown]> {
  return Object.prototype.toString.call(value) === "[object Map]"
    ? (value as Map<unknown, unknown>)
    : Object.entries(value);
}

function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] !== "object";
}

function isOwnForm(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("first" in value || "channel_id" in value);
}
