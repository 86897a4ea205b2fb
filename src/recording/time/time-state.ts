import type { RecordingStream } from "../recording-stream.ts";
import { NO_TIMES, type TimePoint } from "./time-point.ts";

/**
 * The times of one scope, per recording. A scope inside starts with a snapshot, and what is set there does not leak out (I6).
 *
 *   outer ── fork() ──▶ inner        both hold the same map until one of them writes, then that one copies
 *
 * Forking is free, because every `with` does it and most never set a time.
 */
export class TimeState {
  #points: Map<RecordingStream, TimePoint> | undefined;
  #isShared = false;

  get(recording: RecordingStream): TimePoint {
    return this.#points?.get(recording) ?? NO_TIMES;
  }

  set(recording: RecordingStream, point: TimePoint): void {
    if (point.timelines.length > 0) this.#own().set(recording, point);
    else if (this.#points?.has(recording)) this.#own().delete(recording);
  }

  fork(): TimeState {
    const inner = new TimeState();
    if (this.#points !== undefined) {
      this.#isShared = true;
      inner.#points = this.#points;
      inner.#isShared = true;
    }
    return inner;
  }

  #own(): Map<RecordingStream, TimePoint> {
    if (this.#points === undefined || this.#isShared) {
      this.#points = new Map(this.#points);
      this.#isShared = false;
    }
    return this.#points;
  }
}
