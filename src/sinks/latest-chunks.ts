import type { ArrowMessage } from "../rrd/log-message.ts";
import { storeKey } from "../rrd/store-id.ts";

/**
 * Of each series (an entity's components on its timelines) the chunk that left a window last: whoever sees the window knows what held
 * before it. Bounded (I7): those that were renewed longest ago go.
 */
export class LatestChunks {
  readonly #maxBytes: number;
  readonly #onNoRoom: (message: ArrowMessage) => void;
  readonly #chunks = new Map<string, ArrowMessage>();
  #bytes = 0;

  /**
   * @param maxBytes of payload
   * @param onNoRoom told of each for which there is no room, not of those that have a successor
   */
  constructor(maxBytes: number, onNoRoom: (message: ArrowMessage) => void = () => {}) {
    this.#maxBytes = maxBytes;
    this.#onNoRoom = onNoRoom;
  }

  get byteLength(): number {
    return this.#bytes;
  }

  /** Takes the place of the chunk before it. The payload has to be owned. */
  add(message: ArrowMessage): void {
    let key = `${storeKey(message.store)}\0${message.isStatic}\0${message.summary.entityPath}`;
    for (const { descriptor } of message.summary.components) key += `\0${descriptor.component}`;
    const before = this.#chunks.get(key);
    if (before !== undefined) this.#remove(key, before);
    this.#chunks.set(key, message);
    this.#bytes += message.payload.length;
    for (const [oldest, chunk] of this.#chunks) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest, chunk);
      this.#onNoRoom(chunk);
    }
  }

  /** Gives up all of a store. */
  forget(store: string): void {
    for (const [key, chunk] of this.#chunks) if (storeKey(chunk.store) === store) this.#remove(key, chunk);
  }

  values(): Iterable<ArrowMessage> {
    return this.#chunks.values();
  }

  #remove(key: string, chunk: ArrowMessage): void {
    this.#chunks.delete(key);
    this.#bytes -= chunk.payload.length;
  }
}
