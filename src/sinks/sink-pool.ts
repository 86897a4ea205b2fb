import { ByteWriter } from "../bytes/byte-writer.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { BufferedSink } from "./buffered-sink.ts";
import { FileSink, type FileSinkOptions } from "./file-sink.ts";
import { releaseFile } from "./open-file.ts";
import { unlockPath } from "./path-lock.ts";
import { Prelude } from "./prelude.ts";
import type { OnLost, Sink, SinkSpec } from "./sink.ts";

/** Memory recordings are bounded like everything else (I7); a program that needs more writes a file. */
const MAX_MEMORY_BYTES = 1 << 30;

interface MemorySink {
  readonly sink: BufferedSink;
  /** What was drained before and is needed to read what comes after. */
  readonly prelude: Prelude;
}

interface SharedFile {
  readonly sink: FileSink;
  users: number;
}

/**
 * The sinks that a writer has open. A file is opened once per path and shared by the recordings that are written to it; the
 * last one to leave finalises it.
 */
export class SinkPool {
  readonly #onLost: OnLost;
  readonly #fileOptions: FileSinkOptions;
  readonly #files = new Map<string, SharedFile>();
  readonly #memory = new Map<number, MemorySink>();

  constructor(onLost: OnLost, fileOptions: FileSinkOptions = {}) {
    this.#onLost = onLost;
    this.#fileOptions = fileOptions;
  }

  acquire(spec: SinkSpec): Sink {
    if (spec.kind === "memory") {
      let memory = this.#memory.get(spec.id);
      if (memory === undefined) {
        const sink = new BufferedSink(this.#onLost, MAX_MEMORY_BYTES, "memory", spec.isLive);
        memory = { sink, prelude: new Prelude() };
        this.#memory.set(spec.id, memory);
      }
      return memory.sink;
    }
    let file = this.#files.get(spec.path);
    if (file === undefined) {
      file = { sink: new FileSink(spec, { ...this.#fileOptions, onLost: this.#onLost }), users: 0 };
      this.#files.set(spec.path, file);
    }
    file.users += 1;
    return file.sink;
  }

  /** One recording has left the sink. What a memory sink holds stays until it is drained. */
  release(spec: SinkSpec): void {
    if (spec.kind === "memory") return;
    (this.#fileOptions.onReleased ?? releaseFile)(spec.path);
    const file = this.#files.get(spec.path);
    if (file === undefined || --file.users > 0) return;
    this.#files.delete(spec.path);
    file.sink.finalize();
    file.sink.close();
    unlockPath(spec.path);
  }

  /**
   * Takes what a memory sink holds, as one complete RRD stream: a later one repeats store infos and static rows, so that it opens on
   * its own. Undefined if there is no such sink.
   */
  drainMemory(id: number): Uint8Array | undefined {
    const memory = this.#memory.get(id);
    if (memory === undefined) return undefined;
    const bytes = new ByteWriter(4096);
    const target = {
      write: (part: Uint8Array) => bytes.raw(part),
      get position() {
        return bytes.position;
      },
    };
    const writer = new RrdFileWriter(target, { writeFooter: true });
    memory.prelude.replay((message) => writer.write(message));
    for (const message of memory.sink.takeBacklog()) {
      writer.write(message);
      memory.prelude.observe(message);
    }
    writer.finish();
    return bytes.written().slice();
  }
}
