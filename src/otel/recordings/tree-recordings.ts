import { type Context, isSpanContextValid, trace } from "@opentelemetry/api";
import { successorOf } from "../../recording/internals.ts";
import { processState } from "../../recording/process/process-state.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import { hasChosenRecording } from "../../recording/context/scope.ts";

/** Where spans went that have a recording because of the tree they are in, by the object that contexts hold. */
const recordings = new WeakMap<object, RecordingStream>();

/**
 * The recording of a span that is about to start, where `recordPer` gives requests and traces their own: that of its parent in this
 * process, or a new one for a root. Undefined: the tree does not say, or the application has chosen one in `parentContext`.
 */
export function recordingOfTree(parentContext: Context, traceId: string, kind: number): RecordingStream | undefined {
  const { recordingOfRoot } = processState().hooks;
  if (recordingOfRoot === undefined || hasChosenRecording(parentContext)) return undefined;
  const parent = trace.getSpan(parentContext);
  const above = parent?.spanContext();
  const isRoot = above === undefined || above.isRemote === true || !isSpanContextValid(above);
  return isRoot ? recordingOfRoot({ traceId, kind }) : recordingOfSpan(parent);
}

/** Where a span of a tree went, or what took its place when that has ended. */
export function recordingOfSpan(span: object | undefined): RecordingStream | undefined {
  const recording = span === undefined ? undefined : recordings.get(span);
  return recording && successorOf(recording);
}

export function setRecordingOfSpan(span: object, recording: RecordingStream): void {
  recordings.set(span, recording);
}
