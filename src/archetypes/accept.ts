/**
 * What users write → values of a component's datatype, for meanings that the datatype does not tell: names of enum values,
 * dates, ids. Arrays are gone through at any depth, so one function serves a single instance, many, and columns of them.
 */
import { RerunError } from "../errors.ts";
import type { Integer } from "./value-types.ts";

export type Accept = (values: unknown) => unknown;

/** A moment: a Date, or nanoseconds since the Unix epoch (bigint to be exact). */
export type Timestamp = Date | Integer;

/** `"0191e0a6-…"` or its 16 bytes. */
export type Uuid = string | Uint8Array;

/** From one node to another, by their ids. */
export type GraphEdge = readonly [first: string, second: string] | { readonly first: string; readonly second: string };

/** Names of an enum, in upper or lower case, as its numbers; the numbers are what the exported constants are. */
export function acceptEnum(numbers: Readonly<Record<string, number>>): Accept {
  const accept: Accept = (value) => {
    if (Array.isArray(value)) return value.map(accept);
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, accept);
    if (value === null || value === undefined) return value;
    return numbers[knownEnumName(numbers, value)];
  };
  return accept;
}

/**
 * The name of an enum's value, however that was given.
 * @throws RerunError ERR_RERUN_DATA if it has no such value.
 */
export function knownEnumName<Name extends string>(numbers: Readonly<Record<Name, number>>, value: unknown): Name {
  const name = enumName(numbers, value);
  if (name !== undefined) return name;
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new RerunError("ERR_RERUN_DATA", `${shown} is none of ${Object.keys(numbers).join(", ")}`);
}

/** The same; undefined if it has no such value. */
export function enumName<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  value: unknown,
): Name | undefined {
  if (typeof value === "string") {
    if (Object.hasOwn(numbers, value)) return value as Name;
    const lower = value.toLowerCase();
    return (Object.keys(numbers) as Name[]).find((name) => name.toLowerCase() === lower);
  }
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === value);
}

/** Structs of which some fields need a look, given by their name in the datatype; camelCase is found as well. */
export function acceptStruct(fields: Readonly<Record<string, Accept>>): Accept {
  const byName = new Map(
    Object.entries(fields).flatMap(([name, accept]) => [
      [name, accept],
      [name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()), accept],
    ]),
  );
  const accept: Accept = (value) => {
    if (Array.isArray(value)) return value.map(accept);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, acceptField(byName.get(name), field)]),
    );
  };
  return accept;
}

function acceptField(accept: Accept | undefined, value: unknown): unknown {
  return accept === undefined || value === null || value === undefined ? value : accept(value);
}

export function acceptTimestamps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(acceptTimestamps);
  if (Object.prototype.toString.call(value) !== "[object Date]") return value;
  const millis = (value as Date).getTime();
  if (Number.isNaN(millis)) throw new RerunError("ERR_RERUN_DATA", "the Date is invalid");
  return BigInt(millis) * 1_000_000n;
}

export function acceptUuids(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(acceptUuids);
  if (typeof value !== "string") return value;
  const digits = value.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(digits)) {
    throw new RerunError("ERR_RERUN_DATA", `${JSON.stringify(value)} is not a UUID (32 hexadecimal digits)`);
  }
  return Uint8Array.from(digits.match(/../g) as string[], (byte) => Number.parseInt(byte, 16));
}

export function acceptEdges(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value.length === 2 && typeof value[0] === "string") return { first: value[0], second: value[1] };
  return value.map(acceptEdges);
}
