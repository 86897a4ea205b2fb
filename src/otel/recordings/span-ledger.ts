import type { RecordingStream } from "../../recording/recording-stream.ts";
import type { ReadableSpan } from "../sdk/types.ts";

/**
 * Which spans a recording already has. One span may come by several ways: the processor the application added, the recording
 * used as an exporter, and the tap of `register`; each start and each end is written once per recording.
 */
interface Claims {
  readonly recording: RecordingStream;
  isStarted: boolean;
  hasEnded: boolean;
  /** Of another recording; nearly always there is none. */
  readonly next: Claims | undefined;
}

/** By span: its start and its end are one entry. */
const ledger = new WeakMap<ReadableSpan, Claims>();

/** True the first time. */
export function claimStart(span: ReadableSpan, recording: RecordingStream): boolean {
  const claims = claimsOf(span, recording);
  if (claims.isStarted) return false;
  claims.isStarted = true;
  return true;
}

/** True the first time. */
export function claimEnd(span: ReadableSpan, recording: RecordingStream): boolean {
  const claims = claimsOf(span, recording);
  if (claims.hasEnded) return false;
  claims.hasEnded = true;
  return true;
}

function claimsOf(span: ReadableSpan, recording: RecordingStream): Claims {
  const first = ledger.get(span);
  for (let claims = first; claims !== undefined; claims = claims.next) {
    if (claims.recording === recording) return claims;
  }
  const claims = { recording, isStarted: false, hasEnded: false, next: first };
  ledger.set(span, claims);
  return claims;
}
