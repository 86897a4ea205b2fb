import { ByteWriter } from "../bytes/byte-writer.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { BufferedSink } from "./buffered-sink.ts";
import { Prelude } from "./prelude.ts";
import type { OnLost, Sink, SinkSpec } from "./sink.ts";

/** Memory recordings are bounded like everything else (I7); a program that needs more writes a file. */
const MAX_MEMORY_BYTES = 1 << 30;

interface MemorySink {
  readonly sink: BufferedSink;
  /** What was drained before and is needed to read what comes after. */
  readonly prelude: Prelude;
  /** Recordings that are written to it. */
  users: number;
}

/** The memory recordings that a writer has open, by their number. What one holds stays until it is drained; without a user it goes then. */
export class MemorySinks {
  readonly #onLost: OnLost;
  readonly #sinks = new Map<number, MemorySink>();

  constructor(onLost: OnLost) {
    this.#onLost = onLost;
  }

  acquire({ id, isLive }: SinkSpec & { readonly kind: "memory" }): Sink {
    let memory = this.#sinks.get(id);
    if (memory === undefined) {
      const sink = new BufferedSink(this.#onLost, { maxBytes: MAX_MEMORY_BYTES, kind: "memory", isLive });
      memory = { sink, prelude: new Prelude(), users: 0 };
      this.#sinks.set(id, memory);
    }
    memory.users += 1;
    return memory.sink;
  }

  /** A recording has left it. */
  release(id: number): void {
    const memory = this.#sinks.get(id);
    if (memory === undefined) return;
    memory.users -= 1;
    if (memory.users <= 0 && memory.sink.status.queuedMessages === 0) this.#sinks.delete(id);
  }

  /**
   * Takes what a memory sink holds, as one complete RRD stream: a later one repeats store infos and static rows, so that it opens on
   * its own. Undefined if there is no such sink, or its recordings have ended and all was taken.
   */
  drain(id: number): Uint8Array | undefined {
    const memory = this.#sinks.get(id);
    if (memory === undefined) return undefined;
    const bytes = new ByteWriter(4096);
    const writer = new RrdFileWriter((part) => bytes.raw(part), { writeFooter: true });
    memory.prelude.replay((message) => writer.write(message));
    for (const message of memory.sink.takeBacklog()) {
      writer.write(message);
      memory.prelude.observe(message);
    }
    writer.finish();
    if (memory.users <= 0) this.#sinks.delete(id);
    return bytes.written().slice();
  }
}
