import { processTransport } from "./process-pipeline.ts";
import { processState } from "./process-state.ts";
import type { RecordingIntake } from "./recording-intake.ts";
import { RecordingSink } from "./recording-sink.ts";
import { setSinks } from "./sinks-of-recording.ts";

/** A recording that is kept in memory. Made by `rec.memoryRecording()`. */
export class MemoryRecording {
  readonly #id: number;
  readonly #intake: RecordingIntake;

  /** @internal */
  constructor(intake: RecordingIntake) {
    this.#intake = intake;
    this.#id = processState().nextMemorySinkId++;
    const id = this.#id;
    setSinks(intake, [new RecordingSink({ target: `memory ${id}`, open: () => ({ kind: "memory", id }) })]);
  }

  /**
   * Takes what was recorded until now, as a complete `.rrd` file; what is recorded later makes a file of its own. Empty for a
   * disabled recording.
   */
  drainAsBytes(): Uint8Array {
    if (!this.#intake.isEnabled) return new Uint8Array();
    return processTransport().requestSync({ type: "drain-memory", id: this.#id }).bytes ?? new Uint8Array();
  }
}
