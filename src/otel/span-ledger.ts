import type { RecordingStream } from "../recording/recording-stream.ts";
import type { ReadableSpan } from "./types.ts";

/**
 * Which spans a recording already has. One span may come by several ways: the processor the application added, the recording
 * used as an exporter, and the tap of `register`; each start and each end is written once per recording.
 */
type Ledger = WeakMap<RecordingStream, WeakSet<ReadableSpan>>;

const started: Ledger = new WeakMap();
const ended: Ledger = new WeakMap();

/** True the first time. */
export function claimStart(span: ReadableSpan, recording: RecordingStream): boolean {
  return claim(started, span, recording);
}

/** True the first time. */
export function claimEnd(span: ReadableSpan, recording: RecordingStream): boolean {
  return claim(ended, span, recording);
}

function claim(ledger: Ledger, span: ReadableSpan, recording: RecordingStream): boolean {
  let spans = ledger.get(recording);
  if (spans === undefined) {
    spans = new WeakSet();
    ledger.set(recording, spans);
  }
  if (spans.has(span)) return false;
  spans.add(span);
  return true;
}
