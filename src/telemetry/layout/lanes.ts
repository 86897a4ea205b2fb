import { CAPS } from "./caps.ts";

interface Lane {
  isTaken: boolean;
  /** End of the last interval. */
  end: bigint;
}

/**
 * Lanes for intervals that overlap: each takes the lowest lane that is free at its start, so the number of lanes is the
 * concurrency.
 *
 *   00  ▬▬▬▬▬▬   ▬▬▬
 *   01     ▬▬▬▬▬▬▬
 *
 * A lane is free strictly after its last end: of two rows at the same time viewers show the later one only.
 */
export class Lanes {
  readonly #lanes: Lane[] = [];

  /** The lane's number; undefined when all are taken. */
  take(start: bigint): number | undefined {
    let lane = this.#lanes.findIndex(({ isTaken, end }) => !isTaken && end < start);
    if (lane < 0) {
      if (this.#lanes.length >= CAPS.lanes) return undefined;
      lane = this.#lanes.push({ isTaken: true, end: start }) - 1;
    }
    (this.#lanes[lane] as Lane).isTaken = true;
    return lane;
  }

  release(lane: number, end: bigint): void {
    const released = this.#lanes[lane] as Lane;
    released.isTaken = false;
    if (end > released.end) released.end = end;
  }
}
