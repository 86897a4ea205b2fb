/** A place in a ring: the segment, counted from its first one, and the bytes in it, modulo 2³². */
export interface RingPosition {
  readonly segment: number;
  readonly at: number;
}

export const START: RingPosition = { segment: 0, at: 0 };

/** Positions of one ring, less than 2 GiB apart. */
export function isBefore(a: RingPosition, b: RingPosition): boolean {
  return a.segment === b.segment ? ((a.at - b.at) | 0) < 0 : a.segment < b.segment;
}
