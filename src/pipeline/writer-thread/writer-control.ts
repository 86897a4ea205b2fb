import { now as monotonicNow } from "../../real-time.ts";

const CLAIM = 0;
const BEAT = 16;
const BUSY = 32;
const REPLIES = 48;
const RINGS = 64;
const PULSE = 80;
const BYTES = 512;

/** A thread that was killed in the middle of a write never says that it is over. */
const SEIZE_MILLIS = 1000;

/** Who reads the rings. Given once: a thread that has lost the claim stops before its next write. */
export const Claim = {
  nobody: 0,
  thread: 1,
  caller: 2,
} as const;
export type Claim = (typeof Claim)[keyof typeof Claim];

/** What a process and its writer thread tell each other where no message can be waited for. */
export class WriterControl {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  get claim(): Claim {
    return Atomics.load(this.#words, CLAIM) as Claim;
  }

  /** Takes the claim if nobody has it. */
  tryClaim(who: Claim): boolean {
    return Atomics.compareExchange(this.#words, CLAIM, Claim.nobody, who) === Claim.nobody;
  }

  /** Takes the claim from whoever has it, and waits for the end of what the writer thread does under it just now. */
  seize(): void {
    Atomics.store(this.#words, CLAIM, Claim.caller);
    const latest = monotonicNow() + SEIZE_MILLIS;
    while (this.isWriting && monotonicNow() < latest) Atomics.wait(this.#words, BUSY, 1, 1);
  }

  /**
   * What only the writer thread may do, and only while it has the claim.
   * @throws if another thread has taken over
   */
  asWriter<T>(work: () => T): T {
    Atomics.store(this.#words, BUSY, 1);
    try {
      if (this.claim !== Claim.thread) throw new Error("another thread has taken over");
      return work();
    } finally {
      Atomics.store(this.#words, BUSY, 0);
      this.beat();
    }
  }

  /** A number for the ring of one more thread, from 1 on. */
  nextRing(): number {
    return Atomics.add(this.#words, RINGS, 1) + 1;
  }

  /** Other threads have rings. */
  get hasOthers(): boolean {
    return Atomics.load(this.#words, RINGS) > 0;
  }

  /** Grows while the writer thread is alive and gets on. */
  get beats(): number {
    return Atomics.load(this.#words, BEAT);
  }

  beat(): void {
    Atomics.add(this.#words, BEAT, 1);
  }

  /** Grows while the event loop of the application's thread turns; 0: nobody counts. */
  get pulse(): number {
    return Atomics.load(this.#words, PULSE);
  }

  beatPulse(): void {
    Atomics.add(this.#words, PULSE, 1);
  }

  /** The writer thread is inside of `asWriter`: nobody else may write. */
  get isWriting(): boolean {
    return Atomics.load(this.#words, BUSY) === 1;
  }

  /** Grows whenever answers were sent. */
  get replies(): number {
    return Atomics.load(this.#words, REPLIES);
  }

  replied(): void {
    Atomics.add(this.#words, REPLIES, 1);
    Atomics.notify(this.#words, REPLIES);
  }

  /** Sleeps until `replies` is no longer `seen`, at most `millis`. */
  waitForReply(seen: number, millis: number): void {
    Atomics.wait(this.#words, REPLIES, seen, millis);
  }
}
