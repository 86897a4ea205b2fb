/**
 * Notices that a thread is blocked: it counts up now and then, and here is looked whether it still does. After a pause of the whole
 * machine neither has run, which is no stall.
 */
export class StallWatch {
  readonly #pulse: () => number;
  readonly #stallMillis: number;
  readonly #onStall: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #seen: number;
  #seenAt: number;
  #lookedAt: number;
  #isStalled = false;

  /** @param onStall called once for each stall, while it lasts */
  constructor(pulse: () => number, stallMillis: number, onStall: () => void) {
    this.#pulse = pulse;
    this.#stallMillis = stallMillis;
    this.#onStall = onStall;
    this.#seen = pulse();
    this.#seenAt = this.#lookedAt = performance.now();
    this.#timer = setInterval(() => this.#look(), Math.max(10, Math.min(LOOK_MILLIS, stallMillis / 4)));
    this.#timer.unref?.();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const hasSlept = now - this.#lookedAt > this.#stallMillis / 2;
    this.#lookedAt = now;
    const pulse = this.#pulse();
    if (pulse !== this.#seen || hasSlept || pulse < STARTED) {
      this.#seen = pulse;
      this.#seenAt = now;
      this.#isStalled = false;
    } else if (!this.#isStalled && now - this.#seenAt >= this.#stallMillis) {
      this.#isStalled = true;
      this.#onStall();
    }
  }
}

const LOOK_MILLIS = 100;

/** A program that is still loading its modules has not turned its event loop so often: it counts when asked to, and then each turn. */
const STARTED = 2;
