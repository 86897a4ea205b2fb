/**
 * The span id of a segment: the parent's id with its low 32 bits moved by an odd constant for each ordinal. Both sides can
 * compute it, so a segment can be the parent of a span before anything of it was written; never all zeros, which means "no span".
 */
export function segmentSpanId(spanId: string, index: number): string {
  const low = Number.parseInt(spanId.slice(8), 16);
  const moved = (low + Math.imul(index + 1, STEP)) >>> 0;
  const id = spanId.slice(0, 8) + moved.toString(16).padStart(8, "0");
  return id === "0000000000000000" ? "0000000000000001" : id;
}

/** Odd, so that 2³² segments of a span differ; far from 1, so that ids counted up do not meet. */
const STEP = 0x9e3779b1 | 0;
