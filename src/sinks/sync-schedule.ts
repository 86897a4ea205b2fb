/** Of `fsync: "interval"`. */
const FSYNC_MILLIS = 1000;

/** Once a second, also when nothing comes after what is dirty now. */
export class SyncSchedule {
  readonly #now: () => number;
  readonly #sync: () => void;
  #syncedAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(now: () => number, sync: () => void) {
    this.#now = now;
    this.#sync = sync;
    this.#syncedAt = now();
  }

  /** Something may have been written; `isDirty`: it has. */
  written(isDirty: boolean): void {
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
