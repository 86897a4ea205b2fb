const PARKED = 0;
const WAITING = 16;
const FREED = 32;
const JOINED = 48;
const CALLED = 64;
const TOLD = 80;
const BYTES = 384;

/** Events that may be on their way to the producer, which hears nothing while its event loop does not turn (I7). */
const MAX_EVENTS = 1 << 16;

/** What the two sides of a ring tell each other beside the records. */
export class RingControl {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** The consumer sleeps and looks at the ring only when it is called. */
  get isParked(): boolean {
    return Atomics.load(this.#words, PARKED) === 1;
  }

  set isParked(isParked: boolean) {
    Atomics.store(this.#words, PARKED, isParked ? 1 : 0);
  }

  /** True for the one who has to call the sleeping consumer. */
  unpark(): boolean {
    return Atomics.compareExchange(this.#words, PARKED, 1, 0) === 1;
  }

  /** True for the one who has to call: nobody has since the consumer last looked. A call is a message, 10 µs on either side. */
  tryCall(): boolean {
    return Atomics.exchange(this.#words, CALLED, 1) === 0;
  }

  /** The consumer looks, at all that was there before; or a call was not heard. */
  forgetCall(): void {
    Atomics.store(this.#words, CALLED, 0);
  }

  /** Whoever reads the ring hears what its producer says. */
  get isJoined(): boolean {
    return Atomics.load(this.#words, JOINED) === 1;
  }

  set isJoined(isJoined: boolean) {
    Atomics.store(this.#words, JOINED, isJoined ? 1 : 0);
  }

  /** So many events are about to be sent to the producer; false: there is no room for them. */
  tryTell(events: number): boolean {
    if (Atomics.load(this.#words, TOLD) + events > MAX_EVENTS) return false;
    this.tell(events);
    return true;
  }

  /** The same, whether there is room or not. */
  tell(events: number): void {
    Atomics.add(this.#words, TOLD, events);
  }

  /** They have arrived. */
  heard(events: number): void {
    Atomics.sub(this.#words, TOLD, events);
  }

  /** The producer waits for space. */
  get isWaitedFor(): boolean {
    return Atomics.load(this.#words, WAITING) === 1;
  }

  /** Changes whenever memory becomes free. */
  get freed(): number {
    return Atomics.load(this.#words, FREED);
  }

  free(): void {
    Atomics.add(this.#words, FREED, 1);
    if (this.isWaitedFor) Atomics.notify(this.#words, FREED);
  }

  /** Sleeps until `freed` is no longer `seen`, at most `millis`; `call` tells the consumer, who then sees that it is waited for. */
  waitForSpace(seen: number, millis: number, call: () => void): void {
    Atomics.store(this.#words, WAITING, 1);
    call();
    Atomics.wait(this.#words, FREED, seen, millis);
    Atomics.store(this.#words, WAITING, 0);
  }
}
