import type { Definition } from "./record.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Of telemetry, which says the same of one recording after the other. */
const known = new WeakMap<object, string>();

/** A definition as the payload of its record: JSON, with `Infinity` (no limit, no tick) as text. */
export function encodeDefinition(definition: Definition): Uint8Array {
  if (definition.type !== "telemetry") return ENCODER.encode(json(definition));
  const { type, recording, value } = definition;
  return ENCODER.encode(`{"type":"${type}","recording":${recording},"value":${knownJson(value)}}`);
}

function knownJson(value: object): string {
  let text = known.get(value);
  if (text === undefined) {
    text = json(value);
    known.set(value, text);
  }
  return text;
}

function json(value: object): string {
  return JSON.stringify(value, (_, part) => (part === Infinity ? "Infinity" : part));
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
