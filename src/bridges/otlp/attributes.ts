import { setOwn } from "../../otel/attributes.ts";
import type { Attributes, AttributeValue, Resource, Scope } from "../../telemetry/model.ts";
import { type Fields, field, integer, isFields, list, number, text } from "../json/fields.ts";

/** As for attributes of live spans: values may nest without end. */
const MAX_DEPTH = 8;

const VALUE_CASES = [
  "stringValue",
  "boolValue",
  "intValue",
  "doubleValue",
  "arrayValue",
  "kvlistValue",
  "bytesValue",
] as const;

/** The member of a `oneof` that is set: protobuf says which in `case`, JSON by the name of the member. */
export function oneOf<T extends string>(
  fields: Fields,
  name: string,
  cases: readonly T[],
): { readonly case: T; readonly value: unknown } | undefined {
  const group = fields[name];
  if (isFields(group) && typeof group.case === "string") return { case: group.case as T, value: group.value };
  for (const member of cases) {
    const value = field(fields, member);
    if (value !== undefined) return { case: member, value };
  }
  return undefined;
}

/** `repeated KeyValue`; some writers make an object of it. */
export function attributesOf(value: unknown, depth = 0): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  if (Array.isArray(value)) {
    for (const pair of value) {
      if (isFields(pair)) setOwn(attributes, text(pair.key), anyValue(pair.value, depth));
    }
  } else if (isFields(value)) {
    for (const key of Object.keys(value)) setOwn(attributes, key, anyValue(value[key], depth));
  }
  return attributes;
}

/** `AnyValue`, or a plain value in its place. Integers that a double holds are numbers, as SDKs have them. */
export function anyValue(value: unknown, depth = 0): AttributeValue {
  if (depth >= MAX_DEPTH) return "…";
  if (!isFields(value)) return plainValue(value, depth);
  const set = oneOf(value, "value", VALUE_CASES);
  switch (set?.case) {
    case "stringValue":
      return text(set.value);
    case "boolValue":
      return set.value === true || set.value === "true";
    case "intValue":
      return safeInteger(set.value);
    case "doubleValue":
      return number(set.value) ?? null;
    case "arrayValue": {
      const values = isFields(set.value) ? set.value.values : set.value;
      return Array.isArray(values) ? values.map((item) => anyValue(item, depth + 1)) : [];
    }
    case "kvlistValue":
      return attributesOf(isFields(set.value) ? set.value.values : set.value, depth + 1);
    case "bytesValue":
      return set.value instanceof Uint8Array ? Buffer.from(set.value).toString("base64") : text(set.value);
    default:
      return null;
  }
}

export function safeInteger(value: unknown): number | bigint | null {
  const exact = integer(value);
  if (exact === undefined) return number(value) ?? null;
  const double = Number(exact);
  return Number.isSafeInteger(double) ? double : exact;
}

export function resourceOf(value: unknown): Resource {
  return { attributes: isFields(value) ? attributesOf(value.attributes) : {} };
}

export function scopeOf(value: unknown): Scope {
  if (!isFields(value)) return { name: "" };
  const version = text(value.version);
  return version === "" ? { name: text(value.name) } : { name: text(value.name), version };
}

/** Entries of `scopeSpans` and its like, with their scope; `instrumentationLibrary…` is what they were called before 1.0. */
export function* scopesOf(
  fields: Fields,
  scopes: string,
  libraries: string,
): Generator<{ readonly scope: Scope; readonly fields: Fields }> {
  for (const entry of list(field(fields, scopes))) yield { scope: scopeOf(entry.scope), fields: entry };
  for (const entry of list(field(fields, libraries))) {
    yield { scope: scopeOf(field(entry, "instrumentationLibrary")), fields: entry };
  }
}

function plainValue(value: unknown, depth: number): AttributeValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return value;
    default:
      return Array.isArray(value) ? value.map((item) => anyValue(item, depth + 1)) : null;
  }
}
