import { checkFunction, checkRecording } from "../checked-arguments.ts";
import { processState } from "../process/process-state.ts";
import type { RecordingStream } from "../recording-stream.ts";
import { warnOnce } from "../warnings.ts";

/** Says which recording is active here and now, by something only the application knows; undefined: it does not say. */
export type RecordingResolver = () => RecordingStream | undefined;

/**
 * Asks `resolver` for the active recording wherever no scope (`rec.with`, an OpenTelemetry context) chose one, before the thread's and
 * the global one; those added first are asked first. It is called often and has to be quick; what it throws, or what is no recording, counts as no answer.
 * Disposing the result takes it away again.
 */
export function addRecordingResolver(resolver: RecordingResolver): Disposable {
  checkFunction("addRecordingResolver", resolver);
  const { resolvers } = processState();
  resolvers.push(resolver);
  return {
    [Symbol.dispose]: () => {
      const at = resolvers.indexOf(resolver);
      if (at >= 0) resolvers.splice(at, 1);
    },
  };
}

/** The first answer. Never throws (I1). */
export function resolvedRecording(): RecordingStream | undefined {
  for (const resolver of processState().resolvers) {
    try {
      const recording = resolver();
      if (recording === undefined || recording === null) continue;
      checkRecording("a recording resolver", recording);
      return recording;
    } catch (error) {
      warnOnce("resolver", `a recording resolver gave none, which counts as no answer: ${String(error)}`);
    }
  }
  return undefined;
}
