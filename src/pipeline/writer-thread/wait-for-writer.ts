import { now as monotonicNow } from "../../real-time.ts";
import type { WriterControl } from "./writer-control.ts";

/** A writer that computes without a sign of life is waited for this many times the deadline of what it was asked. */
const STALL_TIMES = 2.5;

/** One that gets on is waited for so many times the deadline: where the program goes on afterwards, and where it ends. */
const LIMIT_TIMES = { question: 5, end: 30 } as const;

/** How a wait ended; `stalled`: the writer does not get on, `late`: it does, and has more to do than there is time. */
export type WaitResult = "over" | "stalled" | "late";

/**
 * Holds this thread until `isOver` says so. It is asked at each sign of life: a turn, a chunk, a write.
 *
 *   held up by a file      the deadline and no more (I4 against a process that does not end)
 *   computes, no sign      2.5 deadlines: on a machine with ten times more to do than it can, a footer took 2 s
 *   gets on                30 deadlines (docs/decisions/0009): nobody else would be done sooner
 */
export function waitForWriter(
  control: WriterControl,
  deadlineMillis: number,
  until: keyof typeof LIMIT_TIMES,
  isOver: () => boolean,
): WaitResult {
  const limit = monotonicNow() + LIMIT_TIMES[until] * deadlineMillis;
  let movedAt = monotonicNow();
  let beats = -1;
  for (;;) {
    const seen = control.replies;
    if (isOver()) return "over";
    const now = monotonicNow();
    if (beats !== control.beats) movedAt = now;
    beats = control.beats;
    const stall = control.isWriting || beats === 0 ? deadlineMillis : STALL_TIMES * deadlineMillis;
    if (now >= movedAt + stall) return "stalled";
    if (now >= limit) return "late";
    control.waitForReply(seen, Math.min(movedAt + stall - now, limit - now, 100));
  }
}
