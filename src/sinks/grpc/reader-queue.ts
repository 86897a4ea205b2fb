import type { ProxyMessage } from "./message-history.ts";

/** What a viewer may be behind, beyond what it found when it came; then it misses the oldest temporal chunks (I7). */
const MAX_BEHIND_BYTES = 128 << 20;

/** Messages that were read are let go when there are so many of them. */
const LET_GO = 1024;

/**
 * The way to one viewer. The messages are those of the history, so a queue costs their pointers as long as they are kept there, and what
 * was read is let go.
 *
 *   replay, then live ─▶ [ … ] ─▶ for await ─▶ socket
 */
export class ReaderQueue {
  /** Messages that this viewer has missed. */
  missed = 0;
  #messages: ProxyMessage[];
  #at = 0;
  /** Before this place is what it found when it came. */
  #liveFrom: number;
  /** Of live messages that wait. */
  #liveBytes = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;
  #onTaken: (() => void)[] = [];
  readonly #maxBytes: number;

  constructor(replay: ProxyMessage[], maxBytes: number = MAX_BEHIND_BYTES) {
    this.#messages = replay;
    this.#liveFrom = replay.length;
    this.#maxBytes = maxBytes;
  }

  push(message: ProxyMessage): void {
    if (this.#isEnded) return;
    this.#messages.push(message);
    this.#liveBytes += message.payload.length;
    if (this.#liveBytes > this.#maxBytes) this.#makeRoom();
    this.#wake?.();
  }

  /** No more comes; what is there is still read. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Resolves when everything that is there now has been read, or the reader has left. */
  taken(): Promise<void> {
    if (this.#at >= this.#messages.length) return Promise.resolve();
    return new Promise((resolve) => this.#onTaken.push(resolve));
  }

  /** The reader has left. */
  leave(): void {
    this.#messages = [];
    this.#at = 0;
    this.end();
    this.#tell();
  }

  async *read(): AsyncGenerator<ProxyMessage> {
    for (;;) {
      const message = this.#messages[this.#at];
      if (message !== undefined) {
        if (this.#at >= this.#liveFrom) this.#liveBytes -= message.payload.length;
        this.#at += 1;
        if (this.#at >= LET_GO && this.#at > this.#messages.length / 2) this.#letGo(this.#at);
        yield message;
        continue;
      }
      // asked for the next one, so the one before is written
      this.#letGo(this.#at);
      this.#tell();
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #tell(): void {
    for (const resolve of this.#onTaken.splice(0)) resolve();
  }

  #letGo(messages: number): void {
    this.#messages = this.#messages.slice(messages);
    this.#liveFrom = Math.max(0, this.#liveFrom - messages);
    this.#at -= messages;
  }

  #makeRoom(): void {
    this.#letGo(this.#at);
    let excess = this.#liveBytes - (this.#maxBytes - this.#maxBytes / 8);
    this.#messages = this.#messages.filter((message, at) => {
      const goes = excess > 0 && at >= this.#liveFrom && !message.isPersistent && !message.isStatic;
      if (goes) {
        excess -= message.payload.length;
        this.#liveBytes -= message.payload.length;
        this.missed += 1;
      }
      return !goes;
    });
  }
}
