import type { FsyncPolicy } from "../sink.ts";

/** Of `fsync: "interval"`. */
const FSYNC_MILLIS = 1000;

/** When a file is forced to the disk. Once a second: also when nothing comes after what is dirty now. */
export class SyncSchedule {
  readonly #policy: FsyncPolicy;
  readonly #now: () => number;
  readonly #sync: () => void;
  #syncedAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param sync called each second of "interval" */
  constructor(policy: FsyncPolicy, now: () => number, sync: () => void) {
    this.#policy = policy;
    this.#now = now;
    this.#sync = sync;
    this.#syncedAt = now();
  }

  get isAtFlush(): boolean {
    return this.#policy === "flush";
  }

  get isAtEnd(): boolean {
    return this.#policy !== "never";
  }

  /** Something may have been written; `isDirty`: it has. */
  written(isDirty: boolean): void {
    if (this.#policy !== "interval") return;
    if (this.#now() - this.#syncedAt >= FSYNC_MILLIS) {
      this.#run();
    } else if (isDirty && this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#run();
      }, FSYNC_MILLIS);
      this.#timer.unref();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.#syncedAt = this.#now();
    this.#sync();
  }
}
