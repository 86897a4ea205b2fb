import type { Attributes, AttributeValue, Resource, Scope } from "../telemetry/model.ts";
import { base64 } from "./base64.ts";
import type { ReadableResource, ReadableScope } from "./sdk/types.ts";

/** Deeper values are written as text; an object that contains itself ends here. */
const MAX_DEPTH = 8;
const NONE: Attributes = Object.freeze({});

/**
 * Attributes of any SDK line as the model's. SDK 3.x keeps nested objects and bytes where 1.x and 2.x drop them, so both shapes
 * come by. Functions and symbols are dropped, other values that JSON does not know become text. Never throws (I1).
 */
export function toAttributes(attributes: Readonly<Record<string, unknown>> | undefined): Attributes {
  if (attributes === undefined || attributes === null) return NONE;
  let copy: Record<string, AttributeValue> | undefined;
  for (const key in attributes) {
    const value = toAttributeValue(attributes[key], 0);
    if (value === undefined) continue;
    copy ??= {};
    setOwn(copy, key, value);
  }
  return copy ?? NONE;
}

/** One value; `undefined` when there is nothing to say about it. */
export function toAttributeValue(value: unknown, depth = 0): AttributeValue | undefined {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return value;
    case "object":
      if (value === null) return null;
      try {
        return fromObject(value, depth);
      } catch {
        // A getter or a toJSON of the application's own threw.
        return undefined;
      }
    default:
      return undefined;
  }
}

function fromObject(value: object, depth: number): AttributeValue | undefined {
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => toAttributeValue(item, depth + 1) ?? null);
  // As in OTLP's JSON: bytes are base64.
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return value.stack ?? String(value);
  const copy: Record<string, AttributeValue> = {};
  for (const [key, item] of value instanceof Map ? value : Object.entries(value)) {
    const converted = toAttributeValue(item, depth + 1);
    if (converted !== undefined) setOwn(copy, String(key), converted);
  }
  return copy;
}

/** `__proto__` is a name like any other here, not a prototype to set. */
export function setOwn<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A name, whatever was given as one; typed callers give text. Never throws (I1). */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return String(value);
  } catch {
    return "";
  }
}

/** Names of attributes; none where nothing was given, or a proxy that throws. */
export function keysOf(attributes: unknown): readonly string[] {
  if (typeof attributes !== "object" || attributes === null) return [];
  try {
    return Object.keys(attributes);
  } catch {
    return [];
  }
}

/** One value of attributes; a getter that throws has none. */
export function valueAt(attributes: unknown, key: string): unknown {
  try {
    return (attributes as Readonly<Record<string, unknown>>)[key];
  } catch {
    return undefined;
  }
}

const resources = new WeakMap<object, Resource>();

/**
 * The model's resource, the same object for the same SDK resource, since the recorder writes each resource once. One whose
 * detectors still run is converted again when they are done; until then telemetry carries what is known.
 */
export function toResource(resource: ReadableResource): Resource {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const converted: Resource = { attributes: toAttributes(resource.attributes) };
  resources.set(resource, converted);
  if (resource.asyncAttributesPending === true) {
    const forget = () => void resources.delete(resource);
    resource.waitForAsyncAttributes?.().then(forget, forget);
  }
  return converted;
}

const scopes = new WeakMap<object, Scope>();
const NO_SCOPE: Scope = Object.freeze({ name: "" });

/** The model's scope, the same object for the same SDK scope. */
export function toScope(scope: ReadableScope | undefined): Scope {
  if (scope === undefined || scope === null) return NO_SCOPE;
  let converted = scopes.get(scope);
  if (converted === undefined) {
    converted =
      scope.version === undefined || scope.version === ""
        ? { name: scope.name }
        : { name: scope.name, version: scope.version };
    scopes.set(scope, converted);
  }
  return converted;
}
