import type { ArrowMessage, LogMessage } from "../rrd/log-message.ts";
import { storeKey } from "../rrd/store-id.ts";
import { ownedMessage } from "./sink-tally.ts";

interface StorePrelude {
  readonly isBlueprint: boolean;
  info: LogMessage | undefined;
  readonly chunks: Map<string, ArrowMessage>;
  activation: LogMessage | undefined;
}

const MAX_STORES = 256;
const MAX_BYTES = 8 << 20;

/** Two dashboards, and what is known of the program. */
const LEAST_BYTES = 256 << 10;

/** For segments of a size: at most half of one is not new. */
export function preludeFor(segmentBytes: number): Prelude {
  return new Prelude(isTimeless, Math.min(MAX_BYTES, Math.max(LEAST_BYTES, segmentBytes / 2)));
}

/**
 * What a reader needs before it can make sense of the rest, kept so that a new segment or a new sink can begin with it:
 *
 *   per store:  store info · blueprint and latest static chunks · activation
 *
 * Layouts come first: viewers choose one for a recording as soon as they hear of it. Recordings come in the order of their last store
 * info, because viewers show the one that came last. Bounded (I7): the stores and
 * chunks that were repeated longest ago are forgotten, those of blueprints last; they are still in the segment that was written first.
 */
export class Prelude {
  readonly #keeps: (message: ArrowMessage) => boolean;
  readonly #maxBytes: number;
  readonly #stores = new Map<string, StorePrelude>();
  #bytes = 0;
  #serial = 0;

  /** @param maxBytes of payload. Default 8 MiB. */
  constructor(keeps: (message: ArrowMessage) => boolean = isTimeless, maxBytes: number = MAX_BYTES) {
    this.#keeps = keeps;
    this.#maxBytes = maxBytes;
  }

  observe(message: LogMessage): void {
    if (message.kind === "arrow") {
      if (this.#keeps(message)) this.#keep(message);
      return;
    }
    const key = storeKey(message.store);
    const isBlueprint = message.store.kind === "blueprint";
    const store = this.#stores.get(key) ?? { isBlueprint, info: undefined, chunks: new Map(), activation: undefined };
    if (message.kind === "store-info") {
      store.info = ownedMessage(message);
      this.#stores.delete(key);
    } else {
      store.activation = ownedMessage(message);
    }
    this.#stores.set(key, store);
    if (this.#stores.size > MAX_STORES) this.#forgetOldest();
  }

  replay(write: (message: LogMessage) => void): void {
    const stores = [...this.#stores.values()];
    const layoutsFirst = [
      ...stores.filter((store) => store.isBlueprint),
      ...stores.filter((store) => !store.isBlueprint),
    ];
    for (const { info, chunks, activation } of layoutsFirst) {
      if (info !== undefined) write(info);
      for (const chunk of chunks.values()) write(chunk);
      if (activation !== undefined) write(activation);
    }
  }

  #keep(message: ArrowMessage): void {
    const chunks = this.#stores.get(storeKey(message.store))?.chunks;
    if (chunks === undefined || message.payload.length > this.#maxBytes / 4) return;
    // a later static chunk of the same components takes the place of the earlier one; a temporal one (blueprints) does not
    let key = message.isStatic ? message.summary.entityPath : `${this.#serial++} ${message.summary.entityPath}`;
    for (const { descriptor } of message.summary.components) key += `\0${descriptor.component}`;
    this.#bytes += message.payload.length - (chunks.get(key)?.payload.length ?? 0);
    chunks.delete(key);
    chunks.set(key, ownedMessage(message));
    while (this.#bytes > this.#maxBytes) this.#forgetOldestChunk();
  }

  #forgetOldest(): void {
    for (const [key, { chunks }] of this.#stores) {
      for (const chunk of chunks.values()) this.#bytes -= chunk.payload.length;
      this.#stores.delete(key);
      return;
    }
  }

  #forgetOldestChunk(): void {
    for (const { chunks } of this.#dispensable()) {
      for (const [key, chunk] of chunks) {
        this.#bytes -= chunk.payload.length;
        chunks.delete(key);
        return;
      }
    }
    this.#bytes = 0;
  }

  *#dispensable(): Generator<StorePrelude> {
    for (const store of this.#stores.values()) if (!store.isBlueprint) yield store;
    for (const store of this.#stores.values()) if (store.isBlueprint) yield store;
  }
}

/** True of the recording as a whole: what comes later cannot be shown without it. */
export function isTimeless(message: ArrowMessage): boolean {
  return message.isStatic || message.store.kind === "blueprint";
}
