/** A message as it travels: what a proxy need not look into it is left encoded. */
export interface ProxyMessage {
  readonly kind: "store-info" | "arrow" | "activation";
  readonly payload: Uint8Array;
  /** Store infos, activations and everything of a blueprint: never dropped. */
  readonly isPersistent: boolean;
  readonly isStatic: boolean;
}

/** Store infos and layouts of a hundred thousand recordings. */
const MAX_PERSISTENT_BYTES = 64 << 20;

type Queue = "persistent" | "static" | "temporal";

export type Playback = "oldest-first" | "newest-first";

/**
 * What a proxy keeps for viewers that come later (rrd-format §6.4, §6.5).
 *
 *   persistent ─▶ static ─▶ temporal        replayed in this order; at the limit the oldest temporal goes, then the oldest
 *     stays        goes      goes first     static one, and what is persistent does not (C21)
 *
 * A process that makes a recording for each of a million requests has more of it than memory: beyond a limit of its own the oldest
 * goes, too (I7).
 */
export class MessageHistory {
  readonly #maxBytes: number;
  readonly #queues: Record<Queue, ProxyMessage[]> = { persistent: [], static: [], temporal: [] };
  readonly #maxPersistentBytes: number;
  #bytes = 0;
  #persistentBytes = 0;

  /** @param maxBytes of payload; 0: only what is persistent is kept. */
  constructor(maxBytes: number, maxPersistentBytes = Math.max(maxBytes, MAX_PERSISTENT_BYTES)) {
    this.#maxBytes = maxBytes;
    this.#maxPersistentBytes = maxPersistentBytes;
  }

  get byteLength(): number {
    return this.#bytes;
  }

  add(message: ProxyMessage): void {
    this.#queues[queueOf(message)].push(message);
    this.#bytes += message.payload.length;
    if (message.isPersistent) this.#persistentBytes += message.payload.length;
    if (this.#bytes > this.#maxBytes) this.#makeRoom();
  }

  replay(playback: Playback): ProxyMessage[] {
    const { persistent, static: timeless, temporal } = this.#queues;
    return playback === "oldest-first"
      ? [...persistent, ...timeless, ...temporal]
      : [...persistent, ...timeless.toReversed(), ...temporal.toReversed()];
  }

  /** Frees a sixteenth at a time: what is dropped is shifted out of a long list. */
  #makeRoom(): void {
    const target = this.#maxBytes - this.#maxBytes / 16;
    for (const name of ["temporal", "static"] as const) {
      const queue = this.#queues[name];
      let dropped = 0;
      // the newest stays, however large it is: viewers that come now should see something
      const keeps = this.#maxBytes > 0 ? 1 : 0;
      while (this.#bytes > target && dropped < queue.length - keeps) {
        this.#bytes -= (queue[dropped] as ProxyMessage).payload.length;
        dropped += 1;
      }
      queue.splice(0, dropped);
      if (this.#bytes <= this.#maxBytes) return;
    }
    if (this.#persistentBytes > this.#maxPersistentBytes) this.#dropPersistent();
  }

  #dropPersistent(): void {
    const target = this.#maxPersistentBytes - this.#maxPersistentBytes / 16;
    let dropped = 0;
    for (const { payload } of this.#queues.persistent) {
      if (this.#persistentBytes <= target) break;
      this.#persistentBytes -= payload.length;
      this.#bytes -= payload.length;
      dropped += 1;
    }
    this.#queues.persistent.splice(0, dropped);
  }
}

function queueOf({ isPersistent, isStatic }: ProxyMessage): Queue {
  if (isPersistent) return "persistent";
  return isStatic ? "static" : "temporal";
}
