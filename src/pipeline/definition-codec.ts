import type { Definition } from "./record.ts";
import { encodeRecordJson, parseRecordJson, recordJson } from "./record-json.ts";

/** Of telemetry, which says the same of one recording after the other. */
const known = new WeakMap<object, string>();

/** A definition as the payload of its record. */
export function encodeDefinition(definition: Definition): Uint8Array {
  if (definition.type !== "telemetry") return encodeRecordJson(recordJson(definition));
  const { type, recording, value } = definition;
  return encodeRecordJson(`{"type":"${type}","recording":${recording},"value":${knownJson(value)}}`);
}

function knownJson(value: object): string {
  let text = known.get(value);
  if (text === undefined) {
    text = recordJson(value);
    known.set(value, text);
  }
  return text;
}

/** The opposite. */
export function decodeDefinition(bytes: Uint8Array): Definition {
  const definition = parseRecordJson<Definition>(bytes);
  if (definition.type !== "recording" || definition.batcher === undefined) return definition;
  const batcher = Object.fromEntries(Object.entries(definition.batcher).map(([key, value]) => [key, Number(value)]));
  return { ...definition, batcher };
}
