import type { Exception } from "@opentelemetry/api";
import { resourcePerRecording } from "../../src/otel/sdk/resource.ts";
import type { ReadableResource } from "../../src/otel/sdk/types.ts";
import { exceptionAttributes } from "../../src/otel/tracer/exception-attributes.ts";
import { wallNanos } from "../../src/otel/wall-clock.ts";
import { getDataRecording } from "../../src/recording/context/active-recording.ts";
import type { RecordingStream } from "../../src/recording/recording-stream.ts";
import type { Attributes, Resource, Scope } from "../../src/telemetry/model.ts";
import { telemetryRecorder } from "../../src/telemetry/recorder.ts";

const SCOPE = { name: "otel-rerun/uncaught" };
const FATAL = 21;

/**
 * An error that nobody has caught is a line of the log, with its stack: Node prints it past the console. Before the handlers of such
 * errors, and before what is recorded is saved (src/recording/process/exit-hooks.ts), since the process may end with it.
 */
export function recordUncaught(resource: ReadableResource): void {
  const resourceOf = resourcePerRecording(resource.attributes);
  process.prependListener("uncaughtExceptionMonitor", (error) => {
    const recording = getDataRecording();
    if (recording !== undefined) logFatal(recording, error, SCOPE, () => resourceOf(recording));
  });
}

/** The error as a line of the recording's log. */
export function logFatal(recording: RecordingStream, error: unknown, scope: Scope, resource: () => Resource): void {
  try {
    telemetryRecorder(recording).log({
      time: wallNanos(),
      severityNumber: FATAL,
      severityText: "FATAL",
      body: error instanceof Error ? (error.stack ?? error.message) : String(error),
      attributes: (exceptionAttributes(error as Exception) ?? {}) as Attributes,
      scope,
      resource: resource(),
    });
  } catch {
    // anything can be thrown, also what has no text; a throw in here would change how the process ends
  }
}
