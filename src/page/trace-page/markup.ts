/**
 * Text of a recording inside of markup. Control characters and those that turn the direction of writing are shown as a sign: they
 * could make a page say something else than it holds.
 */
export function escaped(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const short = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return short
    .replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu, "\u{fffd}")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What a page may still take, in bytes of UTF-8. */
export class Room {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  get left(): number {
    return this.#left;
  }

  /** Whether it fits; if so it is taken off. */
  take(markup: string): boolean {
    const bytes = Buffer.byteLength(markup);
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
