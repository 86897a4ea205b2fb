import colours from "picocolors";

export type Colours = ReturnType<typeof colours.createColors>;

/** What standard output can show. */
export interface Terminal {
  readonly colours: Colours;
  /** Columns. Lines for people are cut there; without a terminal nothing is cut. */
  readonly width: number;
  readonly isInteractive: boolean;
}

/** Colours follow NO_COLOR and FORCE_COLOR (no-color.org), then whether anybody is looking. */
export function terminal(
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const isInteractive = stream.isTTY === true && env.TERM !== "dumb";
  const isForced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  const isColoured = !env.NO_COLOR && (isForced || isInteractive);
  const given = stream.columns ?? Number(env.COLUMNS);
  return {
    colours: colours.createColors(isColoured),
    width: given > 0 ? given : Number.POSITIVE_INFINITY,
    isInteractive,
  };
}

/** What a line takes in columns: marks that combine take none, CJK letters and pictures take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** Cut to a width, with … in place of the rest. */
export function cut(text: string, width: number): string {
  if (text.length <= width && /^[\x20-\x7e]*$/.test(text)) return text;
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    kept += character;
  }
  return width < 1 ? "" : `${kept}…`;
}

/** Filled up with spaces, or cut. */
export function padTo(text: string, width: number): string {
  const short = cut(text, width);
  return short + " ".repeat(Math.max(0, width - widthOf(short)));
}

/**
 * Text of a recording as it may be shown: names and messages come from anywhere, and an escape sequence in them would be obeyed by
 * the terminal.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (/\s/.test(character) ? " " : "\u{fffd}"));
}

function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
    character,
  )
    ? 2
    : 1;
}
