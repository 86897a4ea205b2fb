export const MIN_MATCH = 4;
const LONG = 15;
const MORE = 255;

/*
 * A raw block is a row of sequences (LZ4 block format):
 *
 *   token │ more literal length … │ literals │ distance, u16 │ more match length …        the last sequence ends behind its literals
 */

/** A block without its last sequence, which has literals only. */
export interface LastSequence {
  readonly before: Uint8Array;
  /** Where its literals begin in what was compressed. */
  readonly literalsAt: number;
  readonly literals: number;
}

/** Bytes that the sequences of so many bytes can take. */
export function sequenceBound(length: number): number {
  return length + Math.ceil(length / MORE) + 16;
}

/** Writes the literals `from` to `to`, and the copy of `length` bytes from `distance` before what follows them. Returns where it ends. */
export function putSequence(
  out: Uint8Array,
  at: number,
  source: Uint8Array,
  from: number,
  to: number,
  distance: number,
  length: number,
): number {
  const literals = to - from;
  const copied = length - MIN_MATCH;
  let position = at + 1;
  out[at] = (Math.min(literals, LONG) << 4) | Math.min(copied, LONG);
  if (literals >= LONG) position = putLength(out, position, literals - LONG);
  for (let i = from; i < to; i++) out[position++] = source[i] as number;
  out[position++] = distance & 0xff;
  out[position++] = distance >> 8;
  return copied >= LONG ? putLength(out, position, copied - LONG) : position;
}

function putLength(out: Uint8Array, at: number, length: number): number {
  let position = at;
  let rest = length;
  for (; rest >= MORE; rest -= MORE) out[position++] = MORE;
  out[position++] = rest;
  return position;
}

/**
 * Walks through a raw block. Undefined if it is none, or if a sequence copies from before the begin, or from a distance of 0: the library
 * takes that for bytes of nothing, Rerun's readers refuse it (LZ4 block format: "0 is an invalid offset value").
 */
export function lastSequence(block: Uint8Array): LastSequence | undefined {
  let at = 0;
  let size = 0;
  /** The rest of a length whose first part is in the token. */
  const length = (part: number): number => {
    let sum = part;
    if (part !== LONG) return sum;
    let more = MORE;
    while (more === MORE && at < block.length) sum += more = block[at++] as number;
    return sum;
  };
  while (at < block.length) {
    const begin = at;
    const token = block[at++] as number;
    const literals = length(token >> 4);
    at += literals;
    if (at === block.length) return { before: block.subarray(0, begin), literalsAt: size, literals };
    if (at > block.length) return undefined;
    size += literals;
    const distance = (block[at] as number) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    if (distance === 0 || distance > size) return undefined;
    size += length(token & LONG) + MIN_MATCH;
  }
  return undefined;
}
