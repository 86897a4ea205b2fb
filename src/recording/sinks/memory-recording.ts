import type { LogMessage } from "../../rrd/log-message.ts";
import { processTransport } from "../process/process-pipeline.ts";
import { processState } from "../process/process-state.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import { RecordingSink } from "./recording-sink.ts";
import { setSinks } from "./sinks-of-recording.ts";

/** What was drained is nowhere else, so a machine that is busy gets its time. */
const DRAIN_MILLIS = 30_000;

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

  /** How many messages it holds: store infos, chunks, activations. Everything that was logged before is counted. */
  numMessages(): number {
    if (!this.#intake.isEnabled) return 0;
    const { no } = this.#intake;
    const transport = processTransport();
    transport.requestSync({ type: "flush", recording: no, timeoutMillis: DRAIN_MILLIS });
    const sinks = transport.requestSync({ type: "stats", recording: no }).stats?.sinks ?? [];
    return sinks.find(({ kind }) => kind === "memory")?.queuedMessages ?? 0;
  }

  /**
   * Takes what was recorded until now, as a complete `.rrd` file; what is recorded later makes a file of its own. No bytes for a
   * disabled recording, nor when the recording has ended and all was taken.
   *
   * @throws RerunError ERR_RERUN_FLUSH_TIMEOUT if the writer does not answer for half a minute.
   */
  drainAsBytes(): Uint8Array {
    if (!this.#intake.isEnabled) return new Uint8Array();
    const command = { type: "drain-memory", id: this.#id, timeoutMillis: DRAIN_MILLIS } as const;
    const { bytes, error } = processTransport().requestSync(command);
    // an empty recording in place of what was not had would be a loss that nobody sees (I3)
    if (error !== undefined) throw error;
    return bytes ?? new Uint8Array();
  }

  /** The same as messages: store infos, chunks, activations of blueprints, each with its payload as it is in a file. */
  async messages(): Promise<readonly LogMessage[]> {
    const bytes = this.drainAsBytes();
    if (bytes.length === 0) return [];
    const { openRrd } = await import("../../rrd/reader/open-rrd.ts");
    const messages: LogMessage[] = [];
    for await (const message of (await openRrd(bytes)).messages()) messages.push(message);
    return messages;
  }
}
