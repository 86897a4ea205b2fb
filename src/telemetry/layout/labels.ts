/** `412 µs`, `36.0 ms`, `1.24 s`. */
export function duration(nanos: bigint): string {
  const micros = Number(nanos) / 1e3;
  if (micros < 1000) return `${micros < 10 ? micros.toFixed(1) : micros.toFixed(0)} µs`;
  if (micros < 1e6) return `${(micros / 1e3).toPrecision(3)} ms`;
  return `${(micros / 1e6).toPrecision(3)} s`;
}

/** Marks what failed; both viewers have a glyph for it. */
export const FAILED = " ✖";

/** Text inside a Markdown table or link: the characters that would end it are escaped. */
export function markdown(text: string, maxLength = 80): string {
  const short = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return short.replace(/[\\|[\]`<>*_]/g, "\\$&").replace(/\s+/g, " ");
}

export function millis(nanos: bigint): number {
  return Number(nanos) / 1e6;
}
