import { clearInterval, setInterval } from "../real-time.ts";
import { BlackBoxSink } from "./black-box-sink.ts";
import { FeedSink } from "./feed-sink.ts";
import { nodeFiles } from "./file/file-layer.ts";
import { FileSink } from "./file/file-sink.ts";
import type { FileSinkOptions } from "./file/file-sink-options.ts";
import { LATER, releaseFile } from "./file/open-file.ts";
import { BEAT_MILLIS, refreshLock, relockPath, unlockPath } from "./file/path-lock.ts";
import { SegmentNames } from "./file/segment-names.ts";
import { GrpcClientSink } from "./grpc/grpc-client-sink.ts";
import { GrpcServerSink } from "./grpc/grpc-server-sink.ts";
import { MemorySinks } from "./memory-sinks.ts";
import { PipeSink } from "./pipe-sink.ts";
import type {
  BlackBoxSpec,
  BufferSpec,
  FeedSinkSpec,
  FileSinkSpec,
  GrpcServerSpec,
  GrpcSinkSpec,
  OnLost,
  Patience,
  PipeSinkSpec,
  Sink,
  SinkSpec,
} from "./sink.ts";
import { sinkKey } from "./sink-key.ts";

/** Of all feeds whose recordings have ended, as much as one may hold by default. */
const MAX_ENDED_BYTES = 256 << 20;

/** For a pipe that is used again before its reader has taken what was left, in milliseconds. */
const LAST_MILLIS = 2000;

/** What a writer opens for its recordings; buffers are theirs alone. */
export type PooledSpec = Exclude<SinkSpec, BufferSpec>;

interface Shared<S extends Sink> {
  readonly sink: S;
  users: number;
}

/** Sinks that are one for all recordings which name the same. */
type SharedSpec =
  | GrpcSinkSpec
  | GrpcServerSpec
  | FeedSinkSpec
  | BlackBoxSpec
  | PipeSinkSpec
  | { readonly kind: "stdout" };

/**
 * The sinks that a writer has open. A file is opened once per path and shared by the recordings that are written to it; the
 * last one to leave finalises it. The same with an address, a port, and the standard output.
 */
export class SinkPool {
  readonly #onLost: OnLost;
  readonly #fileOptions: FileSinkOptions;
  readonly #files = new Map<string, Shared<FileSink>>();
  readonly #shared = new Map<string, Shared<Sink>>();
  readonly #blackBoxes = new Set<BlackBoxSink>();
  /** Told of each that opens; undefined: the last one was closed. */
  onBlackBox: ((spec: BlackBoxSpec | undefined) => void) | undefined;
  readonly #closing = new Set<Promise<void>>();
  /** Pipes that nobody is recorded to any more, whose readers have not taken everything. */
  readonly #leaving = new Map<string, PipeSink>();
  readonly #memory: MemorySinks;
  #beat: ReturnType<typeof setInterval> | undefined;

  constructor(onLost: OnLost, fileOptions: FileSinkOptions = {}) {
    this.#onLost = onLost;
    this.#memory = new MemorySinks(onLost);
    this.#fileOptions = fileOptions;
  }

  acquire(spec: PooledSpec): Sink {
    if (spec.kind === "memory") return this.#memory.acquire(spec);
    if (spec.kind !== "file") {
      const key = sinkKey(spec);
      this.#leaving.get(key)?.close({ millis: LAST_MILLIS, isExit: false });
      const shared = this.#shared.get(key) ?? { sink: this.#make(spec), users: 0 };
      // opened once more for whoever joins: which of the two numbers is still a pipe, only the writer knows
      if (shared.sink instanceof PipeSink && spec.kind === "pipe" && spec.fd !== shared.sink.fd)
        this.#closeSpare(spec.fd);
      this.#shared.set(key, shared);
      shared.users += 1;
      return shared.sink;
    }
    let file = this.#files.get(spec.path);
    if (file === undefined) {
      if (spec.fd === LATER) relockPath(spec.path);
      file = { sink: new FileSink(spec, { ...this.#fileOptions, onLost: this.#onLost }), users: 0 };
      this.#files.set(spec.path, file);
      this.#beat ??= setInterval(() => this.#refreshLocks(), BEAT_MILLIS).unref();
    }
    file.users += 1;
    return file.sink;
  }

  /**
   * Makes a file, readable by its owner only, and what describes it as a sink. A name that is taken gets a number.
   * @throws as `node:fs`
   */
  create(path: string): FileSinkSpec {
    const files = this.#fileOptions.files ?? nodeFiles;
    const create = (name: string): number => files.create(name, 0o600);
    const spec = { kind: "file", writeFooter: true, journal: false } as const;
    try {
      return { ...spec, path, fd: create(path) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return { ...spec, ...new SegmentNames(path, false).next(create) };
    }
  }

  /**
   * One recording has left the sink. What a memory sink holds stays until it is drained. `patience`: see `Sink`. Returns why its end
   * failed.
   */
  release(spec: PooledSpec, patience?: Patience): Error | undefined {
    if (spec.kind === "memory") {
      this.#memory.release(spec.id);
      return undefined;
    }
    if (spec.kind === "file" || spec.kind === "pipe") (this.#fileOptions.onReleased ?? releaseFile)(spec.path);
    if (spec.kind !== "file") {
      this.#releaseShared(spec, patience);
      return undefined;
    }
    const file = this.#files.get(spec.path);
    if (file === undefined || --file.users > 0) return undefined;
    this.#files.delete(spec.path);
    const { sink } = file;
    const { error: before } = sink.status;
    sink.finalize();
    sink.close();
    unlockPath(spec.path);
    const { error } = sink.status;
    if (error === undefined || error === before) return undefined;
    this.#fileOptions.onWarning?.(error.message); // whoever ends by `process.exit` asks for no result
    return error;
  }

  /**
   * Begins to serve, before any recording is written to it. Resolves with the port.
   * @throws RerunError ERR_RERUN_ARGUMENT if the port is taken
   */
  async listen(spec: GrpcServerSpec): Promise<number> {
    const sink = new GrpcServerSink(spec, this.#onLost);
    const port = await sink.listen();
    this.#shared.set(sinkKey({ ...spec, port }), { sink, users: 0 });
    return port;
  }

  /** The process ends: what is left gets the same time as what is recorded to now. */
  end(patience: Patience): void {
    for (const sink of this.#leaving.values()) sink.close(patience);
  }

  /** Resolves when sinks that were closed have told the other side. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing);
  }

  /** Takes what waits for the program, also after the recording has ended; undefined if that is nothing. */
  drainFeed(id: string): Uint8Array | undefined {
    const key = sinkKey({ kind: "feed", id, maxBytes: 0 });
    const feed = this.#shared.get(key);
    if (feed === undefined) return undefined;
    if (feed.users <= 0) this.#shared.delete(key);
    return (feed.sink as FeedSink).drain();
  }

  /** As `MemorySinks.drain`. */
  drainMemory(id: number): Uint8Array | undefined {
    return this.#memory.drain(id);
  }

  get blackBoxes(): ReadonlySet<BlackBoxSink> {
    return this.#blackBoxes;
  }

  /** Also while nothing is recorded: another container would take the file for one that was left. Ends by itself, files come and go. */
  #refreshLocks(): void {
    for (const path of this.#files.keys()) refreshLock(path);
    if (this.#files.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }

  #openBlackBox(spec: BlackBoxSpec): BlackBoxSink {
    const sink = new BlackBoxSink(spec, this.#fileOptions.files);
    this.#blackBoxes.add(sink);
    this.onBlackBox?.(spec);
    return sink;
  }

  #closeSpare(fd: number): void {
    try {
      (this.#fileOptions.files ?? nodeFiles).close(fd);
    } catch {
      // the other end is gone
    }
  }

  #make(spec: SharedSpec): Sink {
    switch (spec.kind) {
      case "grpc":
        return new GrpcClientSink(spec, this.#onLost);
      case "grpc-server": {
        // the writer that listened is gone, and its port with it
        const sink = new GrpcServerSink(spec, this.#onLost);
        sink.listen().catch(() => {});
        return sink;
      }
      case "black-box":
        return this.#openBlackBox(spec);
      case "feed":
        return new FeedSink(spec, this.#onLost);
      case "stdout":
        return new PipeSink(undefined, this.#onLost, this.#fileOptions.files);
      case "pipe":
        return new PipeSink(spec, this.#onLost, this.#fileOptions.files);
    }
  }

  /** What programs may never fetch, because they have left their streams: the latest stay (I7). */
  #boundEndedFeeds(): void {
    let bytes = 0;
    for (const [key, { sink, users }] of [...this.#shared].reverse()) {
      if (users > 0 || !(sink instanceof FeedSink)) continue;
      const { queuedBytes = 0 } = sink.status;
      bytes += queuedBytes;
      if (queuedBytes > 0 && bytes <= MAX_ENDED_BYTES) continue;
      this.#shared.delete(key);
      sink.discard();
    }
  }

  #releaseShared(spec: SharedSpec, patience: Patience | undefined): void {
    const key = sinkKey(spec);
    const shared = this.#shared.get(key);
    if (shared === undefined || --shared.users > 0) return;
    const { sink } = shared;
    sink.finalize();
    sink.close(patience);
    if (spec.kind === "feed") this.#boundEndedFeeds();
    else this.#shared.delete(key);
    if (this.#blackBoxes.delete(sink as BlackBoxSink) && this.#blackBoxes.size === 0) this.onBlackBox?.(undefined);
    const { closed } = sink;
    if (closed === undefined) return;
    this.#closing.add(closed);
    if (sink instanceof PipeSink) this.#leaving.set(key, sink);
    void closed.then(() => {
      this.#closing.delete(closed);
      if (this.#leaving.get(key) === sink) this.#leaving.delete(key);
    });
  }
}
