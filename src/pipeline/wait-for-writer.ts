import type { WriterControl } from "./writer-control.ts";

/**
 * Whoever waits for a writer that gets on does so for this many times its deadline, and for one that computes without a sign of life
 * for half of that: on a machine with ten times more to do than it can, a footer took 2 s. One that is held up by a file gets the
 * deadline, and no more (I4 against a process that does not end).
 */
const PATIENCE = 5;

/** Holds this thread until `isOver` says so, or the writer has not got on for `millis`. It is asked at each sign of life. */
export function waitForWriter(control: WriterControl, millis: number, isOver: () => boolean): void {
  const start = performance.now();
  let movedAt = start;
  let beats = -1;
  for (;;) {
    const seen = control.replies;
    if (isOver()) return;
    const now = performance.now();
    if (beats !== control.beats) movedAt = now;
    beats = control.beats;
    const stall = control.isWriting || beats === 0 ? millis : (PATIENCE / 2) * millis;
    const deadline = Math.min(movedAt + stall, start + PATIENCE * millis);
    if (now >= deadline) return;
    control.waitForReply(seen, Math.min(deadline - now, 100));
  }
}
