import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { now as monotonicNow } from "../real-time.ts";
import type { ArrowMessage, LogMessage } from "../rrd/log-message.ts";
import { RrdFileWriter } from "../rrd/rrd-file-writer.ts";
import { storeKey } from "../rrd/store-id.ts";
import { type FileLayer, nodeFiles, removeFile, writeAll } from "./file/file-layer.ts";
import { LatestChunks } from "./latest-chunks.ts";
import { isTimeless, Prelude } from "./prelude.ts";
import { makeFolder } from "./private-folder.ts";
import type { BlackBoxSpec, Sink, SinkStatus } from "./sink.ts";
import { ownedMessage, rowsOf, SinkTally } from "./sink-tally.ts";

/** Parts of the limit: what is true at all times, the last of each series before the window, and single traces before it. */
const PRELUDE_PART = 1 / 8;
const LATEST_PART = 1 / 4;
const TRACES_PART = 1 / 8;

interface Kept {
  readonly message: ArrowMessage;
  readonly at: number;
}

/**
 * The last minute of a recording, in memory until something happens.
 *
 *   chunk ─▶ window ── older than `seconds`, or no room ─▶ latest of its series ─▶ forgotten, of a trace all that is left
 *            └──────── dump: prelude · latest · window ─▶ a complete file
 *
 * I7: `maxBytes` of payload for all three. What leaves the window is no loss: nobody was promised more than that.
 */
export class BlackBoxSink implements Sink {
  readonly spec: BlackBoxSpec;
  readonly #files: FileLayer;
  readonly #now: () => number;
  readonly #tally = new SinkTally();
  readonly #prelude: Prelude;
  readonly #latest: LatestChunks;
  readonly #latestOfTraces: LatestChunks;
  #window: Kept[] = [];
  /** Index of the oldest that is still in the window. */
  #first = 0;
  #bytes = 0;
  /** Of the window: what is held beside it was not promised, or is static and told again. */
  #rows = 0;
  #dumps: string[] = [];
  #isClosed = false;
  /** The recording itself; the others are of single traces. */
  #own: string | undefined;
  /** Store infos of those that are here whole. What is static in them goes the way of all chunks, or it would fill the prelude. */
  readonly #traces = new Map<string, LogMessage>();

  constructor(spec: BlackBoxSpec, files: FileLayer = nodeFiles, now: () => number = monotonicNow) {
    this.spec = spec;
    this.#files = files;
    this.#now = now;
    this.#prelude = new Prelude(isTimeless, spec.maxBytes * PRELUDE_PART);
    this.#latest = new LatestChunks(spec.maxBytes * LATEST_PART);
    this.#latestOfTraces = new LatestChunks(spec.maxBytes * TRACES_PART, (message) => this.#forgetTrace(message));
  }

  get status(): SinkStatus {
    const state = this.#isClosed ? "closed" : "open";
    const queuedBytes = this.#bytes + this.#latest.byteLength + this.#latestOfTraces.byteLength;
    return this.#tally.status("black-box", state, queuedBytes);
  }

  get heldRows(): number {
    return this.#rows;
  }

  write(message: LogMessage): void {
    this.#tally.took(message);
    if (message.kind === "store-info" && message.store.kind === "recording") this.#own ??= storeKey(message.store);
    const isTrace = this.#isTrace(message);
    if (message.kind !== "arrow") {
      if (isTrace) this.#traces.set(storeKey(message.store), ownedMessage(message));
      else this.#prelude.observe(message);
      return;
    }
    if (isTimeless(message) && !isTrace) {
      this.#prelude.observe(message);
      return;
    }
    this.#window.push({ message: ownedMessage(message), at: this.#now() });
    this.#bytes += message.payload.length;
    this.#rows += rowsOf(message);
    this.#evict();
  }

  drained(): void {
    this.#evict();
  }

  /**
   * Writes what is held to a file of its own, readable by its owner only (I12), and forgets the oldest dump when there are too many.
   * @returns its path
   * @throws as `node:fs`
   */
  dump(reason: string): string {
    this.#evict();
    const { path, maxDumps } = this.spec;
    prepareFolder(dirname(path));
    const name = `${path.replace(/\.rrd$/i, "")}.${reason.replace(/\W+/g, "_")}-${randomUUID().slice(0, 8)}.rrd`;
    const fd = this.#files.create(name, 0o600);
    try {
      this.#writeTo(fd);
    } finally {
      this.#files.close(fd);
    }
    this.#dumps.push(name);
    for (const oldest of this.#dumps.splice(0, this.#dumps.length - maxDumps)) removeFile(this.#files, oldest);
    return name;
  }

  async flush(): Promise<void> {}
  flushSync(): void {}
  finalize(): void {}

  close(): void {
    this.#isClosed = true;
    this.#window = [];
    this.#bytes = 0;
    this.#rows = 0;
  }

  #writeTo(fd: number): void {
    const writer = new RrdFileWriter((bytes) => writeAll(this.#files, fd, bytes), { writeFooter: true });
    const prelude: LogMessage[] = [];
    this.#prelude.replay((message) => prelude.push(message));
    const isBlueprint = ({ store }: LogMessage): boolean => store.kind === "blueprint";
    // the recording itself comes last, because viewers show what did
    for (const message of prelude) if (isBlueprint(message)) writer.write(message);
    for (const info of this.#traces.values()) writer.write(info);
    for (const message of prelude) if (!isBlueprint(message)) writer.write(message);
    for (const message of this.#latest.values()) writer.write(message);
    for (const message of this.#latestOfTraces.values()) writer.write(message);
    for (const { message } of this.#window.slice(this.#first)) if (this.#isWhole(message)) writer.write(message);
    writer.finish();
  }

  #evict(): void {
    const { seconds, maxBytes } = this.spec;
    const room = maxBytes * (1 - PRELUDE_PART - LATEST_PART - TRACES_PART);
    const since = this.#now() - seconds * 1000;
    for (let oldest = this.#window[this.#first]; oldest !== undefined; oldest = this.#window[this.#first]) {
      if (oldest.at >= since && this.#bytes <= room) break;
      this.#first += 1;
      this.#bytes -= oldest.message.payload.length;
      this.#rows -= rowsOf(oldest.message);
      if (!this.#isTrace(oldest.message)) this.#latest.add(oldest.message);
      else if (this.#isWhole(oldest.message)) this.#latestOfTraces.add(oldest.message);
    }
    // not at each chunk: what is before the first is shifted out of a long list
    if (this.#first < 64 || this.#first < this.#window.length / 2) return;
    this.#window = this.#window.slice(this.#first);
    this.#first = 0;
  }

  #isTrace({ store }: LogMessage): boolean {
    return store.kind === "recording" && storeKey(store) !== this.#own;
  }

  #isWhole(message: ArrowMessage): boolean {
    return !this.#isTrace(message) || this.#traces.has(storeKey(message.store));
  }

  /** There is no room for all of a trace any more: a part of it would look like the whole. */
  #forgetTrace(message: ArrowMessage): void {
    this.#traces.delete(storeKey(message.store));
    this.#latestOfTraces.forget(storeKey(message.store));
  }
}

/** As the folder of recordings is made: for the owner only, and ignored by git. */
function prepareFolder(folder: string): void {
  if (makeFolder(folder)) writeFileSync(join(folder, ".gitignore"), "*\n", { mode: 0o600 });
}
