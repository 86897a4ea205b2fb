import type { WriterControl } from "./writer-control.ts";

/** How often a thread shows that its event loop turns, where somebody looks. */
const PULSE_MILLIS = 100;

/** Lets the writer see whether this thread is blocked (`stall-watch.ts`), for as long as it lives. */
export function showPulse(control: WriterControl): void {
  control.beatPulse();
  setImmediate(() => control.beatPulse()).unref();
  setInterval(() => control.beatPulse(), PULSE_MILLIS).unref?.();
}
