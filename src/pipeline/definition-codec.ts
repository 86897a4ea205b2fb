import type { Definition } from "./record.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** A definition as the payload of its record: JSON, with `Infinity` (no limit, no tick) as text. */
export function encodeDefinition(definition: Definition): Uint8Array {
  return ENCODER.encode(JSON.stringify(definition, (_, value) => (value === Infinity ? "Infinity" : value)));
}

/** The opposite. Records are padded with zeros, which JSON does not know. */
export function decodeDefinition(bytes: Uint8Array): Definition {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const definition: Definition = JSON.parse(DECODER.decode(bytes.subarray(0, end)));
  if (definition.type !== "recording" || definition.batcher === undefined) return definition;
  const batcher = Object.fromEntries(Object.entries(definition.batcher).map(([key, value]) => [key, Number(value)]));
  return { ...definition, batcher };
}
