import { RerunError } from "../../errors.ts";
import type { WriterHandle } from "../../pipeline/writer-thread/thread-messages.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import { processTransport } from "./process-pipeline.ts";
import { processState } from "./process-state.ts";

/** A recording for other threads of its process: texts, numbers and shared memory only. */
export interface RecordingHandle {
  readonly applicationId: string;
  readonly recordingId: string;
  /** @internal */
  readonly writer: WriterHandle;
  /** @internal The recording's number, as the writer knows it. */
  readonly no: number;
}

export function share(intake: RecordingIntake): RecordingHandle {
  const transport = intake.open();
  const { handle, base = 0 } = transport;
  if (handle === undefined) {
    throw new RerunError(
      "ERR_RERUN_SINK",
      "a recording can be shared with other threads only if it is enabled and a thread of its own writes it; " +
        "allow worker threads, and do not set OTEL_RERUN_WRITER=inline",
    );
  }
  // the writer has to know the recording before it hears of it from another thread
  transport.requestSync({ type: "stats", recording: intake.no });
  return { ...intake.storeId, writer: handle, no: base + intake.no };
}

/** What `RecordingStream.attach` makes a recording of. */
export function attachment(handle: RecordingHandle): {
  readonly applicationId: string;
  readonly recordingId: string;
  readonly attachedTo: number;
} {
  const { applicationId, recordingId, writer, no } = handle ?? {};
  if (typeof writer?.hub !== "string") {
    throw new RerunError("ERR_RERUN_ARGUMENT", "attach takes what `share()` of a recording returned");
  }
  const state = processState();
  state.transport ??= state.hooks.createTransport?.(writer);
  if (processTransport().handle?.hub !== writer.hub) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      "this thread has recorded to another writer already; attach before the first row, and only to recordings of this process",
    );
  }
  return { applicationId, recordingId, attachedTo: no };
}
