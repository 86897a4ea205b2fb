import { RerunError } from "../errors.ts";

/**
 * Entity paths: parts joined by slashes, special characters behind a backslash (rrd-format §3.8).
 *
 *   "world/camera pos"  ─▶  "/world/camera\ pos"
 */

/** Letters and digits of any script, and what needs no escape; only code points above U+FFFF have no escape at all. */
const PLAIN = /^[\p{Alphabetic}\p{N}_.\-\u{10000}-\u{10ffff}]$/u;
const PUNCTUATION = /^[ -/:-@[-`{-~]$/;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const NAMES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Most paths need no work, and are told by this alone. */
const NORMAL = /^(?:\/[A-Za-z0-9_.-]+)+$/;

/** A slash between parts, but not one behind a backslash. */
const PART = /(?:\\.|[^\\/]|\\$)+/gsu;

/** A backslash with what it stands for, or any character. */
const CHARACTER = /\\u\{([0-9a-fA-F]+)\}|\\(.)|./gsu;

/** A path with nothing to put right: parts that are not empty, known escapes, and every character escaped that has to be. */
const STRICT =
  /^\/?(?:(?:[\p{Alphabetic}\p{N}_.\-\u{10000}-\u{10ffff}]|\\[ -/:-@[-`{-~nrt]|\\u\{[0-9a-fA-F]{1,6}\})+(?:\/(?!$)|$))+$/u;

/** A path of these parts, which may hold anything: `entityPath("world", "a/b", 3)` is `/world/a\/b/3`. Parts may be in arrays. */
export function entityPath(...parts: readonly (string | number | readonly (string | number)[])[]): string {
  return `/${parts.flat().map(escapeEntityPathPart).join("/")}`;
}

/**
 * The parts of a path as they were before they were escaped: the reverse of `entityPath`.
 * @throws RerunError ERR_RERUN_ARGUMENT if it is no string.
 */
export function entityPathParts(path: string): string[] {
  return (textOf(path).match(PART) ?? []).map(unescapePart);
}

/** One part as it stands in a path: `"a/b c"` becomes `"a\/b\ c"`. */
export function escapeEntityPathPart(part: string | number): string {
  let escaped = "";
  for (const character of String(part)) escaped += escapeCharacter(character);
  return escaped;
}

/**
 * Any string as an escaped path with a leading slash. Whatever it says is understood, as upstream: slashes that are doubled or at the end do not
 * count, what is not escaped is, and of an unknown escape the backslash is dropped.
 */
export function parseEntityPath(path: string): string {
  if (NORMAL.test(path)) return path;
  const parts = textOf(path).match(PART) ?? [];
  return `/${parts.map((part) => escapeEntityPathPart(unescapePart(part))).join("/")}`;
}

/**
 * The same, but what `parseEntityPath` would put right is an error.
 * @throws RerunError ERR_RERUN_ARGUMENT for empty parts, unknown escapes and characters that need an escape.
 */
export function parseEntityPathStrict(path: string): string {
  if (path === "/" || STRICT.test(path)) return parseEntityPath(path);
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `"${path}" is no entity path: parts must not be empty, and special characters need escapes; make it by entityPath(...parts)`,
  );
}

function textOf(path: unknown): string {
  if (typeof path === "string") return path;
  throw new RerunError("ERR_RERUN_ARGUMENT", `an entity path is a string, got ${path === null ? "null" : typeof path}`);
}

function escapeCharacter(character: string): string {
  if (PLAIN.test(character)) return character;
  if (PUNCTUATION.test(character)) return `\\${character}`;
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  // half a surrogate pair has no UTF-8 form
  const scalar = code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
  return `\\u{${scalar.toString(16).toUpperCase().padStart(4, "0")}}`;
}

function unescapePart(part: string): string {
  return part.replace(CHARACTER, (whole, hex: string | undefined, escaped: string | undefined) => {
    if (hex !== undefined) return characterOf(Number.parseInt(hex, 16)) ?? whole;
    if (escaped === undefined || escaped === "u") return whole;
    return NAMES[escaped] ?? escaped;
  });
}

/** Undefined if no character has that code. */
function characterOf(code: number): string | undefined {
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code);
}
