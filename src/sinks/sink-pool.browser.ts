import { RerunError } from "../errors.ts";
import { FeedSink } from "./feed-sink.ts";
import { MemorySinks } from "./memory-sinks.ts";
import type { FileSinkSpec, OnLost, Sink, SinkSpec } from "./sink.ts";

interface Shared {
  readonly sink: FeedSink;
  users: number;
}

/** The sinks of a writer in a page: those whose bytes the program takes itself. There are no files, ports and descriptors. */
export class SinkPool {
  readonly blackBoxes: ReadonlySet<never> = new Set();
  onBlackBox: (() => void) | undefined;
  readonly #onLost: OnLost;
  readonly #memory: MemorySinks;
  readonly #feeds = new Map<string, Shared>();

  constructor(onLost: OnLost) {
    this.#onLost = onLost;
    this.#memory = new MemorySinks(onLost);
  }

  acquire(spec: SinkSpec): Sink {
    if (spec.kind === "memory") return this.#memory.acquire(spec);
    if (spec.kind !== "feed") throw notInPage(spec.kind);
    const feed = this.#feeds.get(spec.id) ?? { sink: new FeedSink(spec, this.#onLost), users: 0 };
    this.#feeds.set(spec.id, feed);
    feed.users += 1;
    return feed.sink;
  }

  create(): FileSinkSpec {
    throw notInPage("file");
  }

  /** One recording has left the sink. What it holds stays until it is drained. */
  release(spec: SinkSpec): Error | undefined {
    const feed = spec.kind === "feed" ? this.#feeds.get(spec.id) : undefined;
    if (feed !== undefined && --feed.users === 0) feed.sink.close();
    return undefined;
  }

  async listen(): Promise<number> {
    throw notInPage("grpc-server");
  }

  end(): void {}

  async settled(): Promise<void> {}

  /** Takes what waits for the program, also after the recording has ended; undefined if that is nothing. */
  drainFeed(id: string): Uint8Array | undefined {
    const feed = this.#feeds.get(id);
    if (feed === undefined) return undefined;
    if (feed.users <= 0) this.#feeds.delete(id);
    return feed.sink.drain();
  }

  drainMemory(id: number): Uint8Array | undefined {
    return this.#memory.drain(id);
  }
}

function notInPage(kind: string): RerunError {
  return new RerunError(
    "ERR_RERUN_SINK",
    `a page has no sink of the kind ${kind}; use binaryStream or memoryRecording`,
  );
}
