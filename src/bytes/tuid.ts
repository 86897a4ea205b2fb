/**
 * TUIDs: 16 bytes, big endian: nanoseconds since the Unix epoch, then a counter. Byte order is creation order.
 * How the counter of row ids is made up is the pipeline's business.
 */
export const TUID_BYTES = 16;

/** Hex digits of a TUID. */
export const TUID_DIGITS = 32;

const UPPER = "0123456789ABCDEF";
const LOWER = "0123456789abcdef";

/** As Rerun prints it: the time in upper-case hex, the counter in lower-case. */
export function tuidString(id: Uint8Array): string {
  let text = "";
  for (let i = 0; i < TUID_BYTES; i++) {
    const byte = id[i] as number;
    const digits = i < 8 ? UPPER : LOWER;
    text += digits.charAt(byte >> 4) + digits.charAt(byte & 15);
  }
  return text;
}

/** The same as ASCII, into the 32 bytes at `at`. */
export function putTuidString(target: Uint8Array, at: number, id: Uint8Array): void {
  for (let i = 0; i < TUID_BYTES; i++) {
    const byte = id[i] as number;
    const digits = i < 8 ? UPPER : LOWER;
    target[at + 2 * i] = digits.charCodeAt(byte >> 4);
    target[at + 2 * i + 1] = digits.charCodeAt(byte & 15);
  }
}

/** Reads `tuidString`, in any case of letters; undefined if it is none. */
export function parseTuid(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{32}$/i.test(text)) return undefined;
  return Uint8Array.from({ length: TUID_BYTES }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** -1, 0 or 1: `a` at byte `atA` against `b` at byte `atB`. */
export function compareTuids(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  for (let i = 0; i < TUID_BYTES; i++) {
    const difference = (a[atA + i] as number) - (b[atB + i] as number);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
