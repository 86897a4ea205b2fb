const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** A value in a record: JSON, with `Infinity` (no limit, no tick, no deadline) as text. */
export function recordJson(value: object): string {
  const text = JSON.stringify(value);
  // what JSON cannot say is null there; a function that looks at each part takes 1.8 times as long
  return text.includes("null") ? JSON.stringify(value, (_, part) => (part === Infinity ? "Infinity" : part)) : text;
}

export function encodeRecordJson(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The opposite, but for `Infinity`, which stays text. Records are padded with zeros, which JSON does not know. */
export function parseRecordJson<T>(bytes: Uint8Array): T {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return JSON.parse(DECODER.decode(bytes.subarray(0, end))) as T;
}
