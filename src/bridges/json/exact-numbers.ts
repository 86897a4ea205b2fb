/** Only then is a closer look worth while: behind a colon, a comma or a bracket stands a number of many digits. */
const MAYBE_LONG = /[:,[]\s*-?[\d.]{16,}/;
const LONG = /-?(?:\d[\d.]{15,})(?![\d.eE+-])/g;

/**
 * `JSON.parse` that loses no digit: numbers of 16 digits and more, which a double may round, become text. Nanoseconds since the
 * epoch have 19 digits and come as bare numbers from opentelemetry-js before 0.44; every reader of such fields takes text too.
 *
 * @throws SyntaxError as `JSON.parse` does; positions in its message hold for `text` unless it has such numbers.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(MAYBE_LONG.test(text) ? quoteLongNumbers(text) : text);
}

/** Walks from string to string, so that digits inside of texts stay what they are; linear whatever the texts hold. */
function quoteLongNumbers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const outside = quote < 0 ? text.slice(at) : text.slice(at, quote);
    parts.push(outside.length < 16 ? outside : outside.replace(LONG, '"$&"'));
    if (quote < 0) break;
    at = endOfString(text, quote);
    parts.push(text.slice(quote, at));
  }
  return parts.join("");
}

function endOfString(text: string, quote: number): number {
  let end = text.indexOf('"', quote + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++;
  return slashes % 2 === 1;
}
