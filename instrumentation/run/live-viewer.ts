import type { RecordingStream } from "../../src/recording/recording-stream.ts";
import { grpcSink } from "../../src/recording/sinks/sink-values.ts";
import { warnOnce } from "../../src/recording/warnings.ts";

/**
 * Sends a recording to the viewer or proxy that `OTEL_RERUN_CONNECT` names, beside its file: `otel-rerun record --live` sets it for the
 * program and its children. An address that is none is warned about, and the file is written all the same (I1).
 */
export function sendLive(recording: RecordingStream, environment: Readonly<Record<string, string | undefined>>): void {
  const url = environment.OTEL_RERUN_CONNECT?.trim();
  if (!url) return;
  try {
    recording.addSink(grpcSink(url));
  } catch (error) {
    warnOnce(`environment OTEL_RERUN_CONNECT ${url}`, `nothing is sent live: ${(error as Error).message}`);
  }
}
