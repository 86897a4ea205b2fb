const MIN_MATCH = 4;
const LONG = 15;
const MORE = 255;

/**
 * Whether every sequence of a raw block copies from what came before it. The library takes a distance of 0 for bytes of nothing, Rerun's
 * readers refuse it (LZ4 block format: "0 is an invalid offset value").
 *
 *   token │ more literal length … │ literals │ distance, u16 │ more match length …        the last sequence ends behind its literals
 */
export function isWellFormedBlock(block: Uint8Array): boolean {
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
    const token = block[at++] as number;
    const literals = length(token >> 4);
    at += literals;
    size += literals;
    if (at >= block.length) return at === block.length;
    const distance = (block[at] as number) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    if (distance === 0 || distance > size) return false;
    size += length(token & LONG) + MIN_MATCH;
  }
  return false;
}
