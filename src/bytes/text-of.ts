/** Longer texts seldom come twice. */
const SHORT_BYTES = 40;
/** A power of two. */
const PLACES = 1024;

const DECODER = new TextDecoder();

/** Short ASCII texts that were read last, each at the place of its hash. */
const known: string[] = new Array(PLACES).fill("");

/**
 * The text of well-formed UTF-8. Names of attributes, methods and routes come again and again: to find one of 20 bytes among those that
 * were read before takes 40 ns, to decode it 120.
 */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length === 0) return "";
  if (length > SHORT_BYTES) return DECODER.decode(bytes.subarray(start, end));
  const place = placeOf(bytes, start, end);
  const seen = known[place] as string;
  if (seen.length === length && isAt(seen, bytes, start)) return seen;
  const text = DECODER.decode(bytes.subarray(start, end));
  // as many units as bytes: all of it is ASCII
  if (text.length === length) known[place] = text;
  return text;
}

function placeOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

function isAt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
