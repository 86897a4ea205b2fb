import { checkedOptions, optionNames } from "../src/option-names.ts";
import { refusedOption } from "../src/recording/refused-option.ts";
import { warnOnce } from "../src/recording/warnings.ts";
import type { AttributeValue } from "../src/telemetry/model.ts";

/** What is taken out beside the built-in rules, which stay. Whatever a function returns is recorded in place of the value. */
export interface RedactionOptions {
  /**
   * Parts of keys, in any case, whose values are secrets: of attributes, headers, `key=value` in text, fields of log lines. Default: those in
   * `OTEL_RERUN_REDACT_KEYS`.
   */
  readonly keys?: readonly (string | RegExp)[];
  /** Keys of queries whose values are recorded. Default: those in `OTEL_RERUN_KEEP_QUERY`, else none. */
  readonly keepQuery?: readonly string[];
  /** Sees each attribute after the rules. `undefined`, or a throw, takes the value out. */
  readonly attribute?: (key: string, value: AttributeValue) => AttributeValue | undefined;
  /** Sees each line of a log, message and stack of an error, and query of a database after the rules. */
  readonly text?: (text: string) => string | undefined;
}

const NAMES = optionNames<RedactionOptions>({ keys: true, keepQuery: true, attribute: true, text: true });

interface Redaction {
  /** Sources of regular expressions. */
  readonly keys: readonly string[];
  readonly keepQuery: ReadonlySet<string>;
  readonly attribute: RedactionOptions["attribute"];
  readonly text: RedactionOptions["text"];
}

let current: Redaction | undefined;
const listeners = new Set<() => void>();

/**
 * Adds to what is redacted in this process, from now on. A later call replaces what an earlier one has set.
 * @throws RerunError ERR_RERUN_ARGUMENT for what it does not know: a secret would stay
 */
export function configureRedaction(options: RedactionOptions): void {
  const checked = checkedOptions("configureRedaction", options, NAMES);
  for (const [name, list] of Object.entries({ keys: checked.keys, keepQuery: checked.keepQuery })) {
    if (
      list === undefined ||
      (Array.isArray(list) && list.every((key) => typeof key === "string" || key instanceof RegExp))
    )
      continue;
    throw refusedOption(name, 'a list such as ["token"]', list);
  }
  current = read(checked);
  for (const listener of listeners) listener();
}

export function redactionOptions(): Redaction {
  current ??= read({});
  return current;
}

/** @param listener what was made from the options is to be made again. */
export function onRedactionChange(listener: () => void): void {
  listeners.add(listener);
}

function read({ keys, keepQuery, attribute, text }: RedactionOptions): Redaction {
  return {
    keys: (keys ?? listVariable("OTEL_RERUN_REDACT_KEYS")).flatMap(patternOf),
    keepQuery: new Set(keepQuery ?? listVariable("OTEL_RERUN_KEEP_QUERY")),
    attribute,
    text,
  };
}

/** An expression that matches everything, as an empty text does, would redact every key. */
function patternOf(key: string | RegExp): string[] {
  const source = key instanceof RegExp ? `(?:${key.source})` : key.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  if (!new RegExp(source, "i").test("")) return [source];
  warnOnce(
    "redaction key",
    `a key to redact matches everything: ${String(key)}; it is ignored. Give a word or an expression`,
  );
  return [];
}

export function listVariable(name: string): string[] {
  return wordsOf(process.env[name] ?? "");
}

/** Words with commas between. */
export function wordsOf(text: string): string[] {
  const words = text.split(",").map((word) => word.trim());
  return words.filter((word) => word !== "");
}
