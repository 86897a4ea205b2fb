import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { keysOf, setOwn, valueAt } from "../attributes.ts";

/** Attributes under construction, at most `limit` of them. */
export interface LimitedAttributes {
  readonly attributes: Attributes;
  readonly dropped: number;
}

/**
 * The attributes the spec allows: text, numbers, booleans and arrays of one of them; others are left out, as SDK 1.x and 2.x do.
 * Arrays are copied, since the caller may go on using his.
 */
export function limitAttributes(given: unknown, limit: number, maxLength: number): LimitedAttributes {
  const attributes: Attributes = {};
  let count = 0;
  let dropped = 0;
  for (const key of keysOf(given)) {
    const value = valueAt(given, key);
    if (key === "" || !isAttributeValue(value)) continue;
    if (count >= limit) {
      dropped++;
      continue;
    }
    count++;
    // takes a place, as with the SDK, but says nothing
    if (value !== undefined) setOwn(attributes, key, limitLength(value, maxLength));
  }
  return { attributes, dropped };
}

/** Also true for null and undefined, which samplers may see and spans leave out. */
export function isAttributeValue(value: unknown): value is AttributeValue | undefined {
  if (value === null || value === undefined) return true;
  return Array.isArray(value) ? isHomogeneous(value) : isPrimitive(typeof value);
}

export function limitLength<T>(value: T, maxLength: number): T {
  // A limit of 0 or less is no limit, as upstream has it.
  const limit = maxLength > 0 ? maxLength : Number.POSITIVE_INFINITY;
  const cut = (item: unknown) => (typeof item === "string" && item.length > limit ? item.substring(0, limit) : item);
  return (Array.isArray(value) ? value.map((item) => cut(item) ?? null) : cut(value)) as T;
}

function isPrimitive(type: string): boolean {
  return type === "string" || type === "number" || type === "boolean";
}

function isHomogeneous(values: readonly unknown[]): boolean {
  let first: string | undefined;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const type = typeof value;
    first ??= type;
    if (type !== first || !isPrimitive(type)) return false;
  }
  return true;
}
