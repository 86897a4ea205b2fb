import { INTERNALS } from "../internals.ts";
import type { RecordingStream } from "../recording-stream.ts";

/** A recording for those who must not keep it: what only looks at recordings, and caches. Made by `rec.weak()`. */
export class WeakRecording {
  readonly #recording: WeakRef<RecordingStream>;

  /** @internal */
  constructor(recording: RecordingStream) {
    this.#recording = new WeakRef(recording);
  }

  /** The recording, or undefined once it was shut down or nobody has it any more. One that has begun is kept until its end. */
  deref(): RecordingStream | undefined {
    const recording = this.#recording.deref();
    return recording === undefined || (recording.enabled && !recording[INTERNALS].isOpen) ? undefined : recording;
  }
}
