import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Budget } from "./budget.ts";
import { BEHIND, Refused, tooLarge } from "./refusal.ts";

export interface BodyLimits {
  /** As it comes. */
  readonly packed: number;
  readonly unpacked: number;
}

/**
 * The bytes of one request, packed and unpacked: all of them count against the budget until they are released, also while many
 * requests unpack at once, and none is kept beyond the limits (I7, I11).
 */
export class RequestBody {
  readonly #budget: Budget;
  readonly #limits: BodyLimits;
  #taken = 0;

  constructor(budget: Budget, limits: BodyLimits) {
    this.#budget = budget;
    this.#limits = limits;
  }

  /** @throws Refused; the request can still be answered then. */
  read(request: Readable): Promise<Buffer> {
    return this.#collect(request.iterator({ destroyOnReturn: false }), this.#limits.packed);
  }

  /** @throws Refused, or what zlib throws when it is no gzip. */
  unpack(packed: Buffer): Promise<Buffer> {
    const gunzip = createGunzip();
    gunzip.end(packed);
    return this.#collect(gunzip, this.#limits.unpacked);
  }

  release(): void {
    this.#budget.give(this.#taken);
    this.#taken = 0;
  }

  async #collect(pieces: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
    const kept: Buffer[] = [];
    let length = 0;
    for await (const piece of pieces) {
      length += piece.length;
      if (length > limit) throw new Refused(tooLarge(limit));
      if (!this.#budget.take(piece.length)) throw new Refused(BEHIND);
      this.#taken += piece.length;
      kept.push(piece);
    }
    return Buffer.concat(kept, length);
  }
}
