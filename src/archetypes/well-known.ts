/** Levels of a TextLog that the viewer knows, most severe first; other texts are allowed. */
export const TextLogLevel = {
  Critical: "CRITICAL",
  Error: "ERROR",
  Warn: "WARN",
  Info: "INFO",
  Debug: "DEBUG",
  Trace: "TRACE",
} as const;
export type TextLogLevel = (typeof TextLogLevel)[keyof typeof TextLogLevel];

/**
 * A radius in pixels of the screen instead of scene units: it keeps its size when the view is zoomed. The format says so by the
 * sign, so this makes it negative.
 */
export function uiPoints(radius: number): number {
  return -Math.abs(radius);
}
