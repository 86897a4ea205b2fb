const CLAIM = 0;
const BEAT = 16;
const BUSY = 32;
const REPLIES = 48;
const RINGS = 64;
const PULSE = 80;
const BYTES = 512;

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

  /** Takes the claim from whoever has it. */
  seize(): void {
    Atomics.store(this.#words, CLAIM, Claim.caller);
  }

  /** A number for the ring of one more thread, from 1 on. */
  nextRing(): number {
    return Atomics.add(this.#words, RINGS, 1) + 1;
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

  /** The writer thread is inside a call that writes to a file: nobody else may. */
  get isWriting(): boolean {
    return Atomics.load(this.#words, BUSY) === 1;
  }

  set isWriting(isWriting: boolean) {
    Atomics.store(this.#words, BUSY, isWriting ? 1 : 0);
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
