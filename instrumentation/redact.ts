import { processState } from "../src/recording/process-state.ts";
import type { Attributes, AttributeValue, LogRecord, Span, SpanEvent, SpanStatus } from "../src/telemetry/model.ts";
import { onRedactionChange, redactionOptions } from "./redaction-options.ts";

/** What stands where a secret stood. */
export const REDACTED = "REDACTED";

/** Keys whose values are secrets. `tokens` counts something. */
const SECRET =
  "authorization|cookie|api[-_. ]?key|access[-_. ]?key|private[-_. ]?key|passw(?:or)?d|pwd|secret|token(?!s)|credential";
const VALUE = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\`[^\`]*\`|[^\\s,;&)}\\]"'\`]+`;
/**
 * `password=…`, `apiKey: '…'`, `"token": "…"`, `authorization: Bearer …`, `'pwd' => '…'` of a printed map, and the same in JSON inside
 * of JSON. Bounded, so that no text takes long (I7).
 */
const secretPair = (secret: string) =>
  new RegExp(
    `((?:${secret})[\\w.-]{0,40}(?:\\\\{0,8}["'\`])?\\s{0,8}(?:=>|[:=])\\s{0,40})(?:(?:bearer|basic|token)\\s+)?(?:\\\\{1,8}"[^"]*"|${VALUE})`,
    "gi",
  );
/** A key in its usual envelope, up to its end or that of the text; printed objects have quotes and `+` between its lines. */
const PRIVATE_KEY =
  /-----BEGIN [\w ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S]){0,16384}(?:-----END [\w ]{0,40}-----)?/g;
const COOKIES = /(cookie\s{0,8}:\s{0,8})(?!['"`])[^\r\n]+/gi;
const SCHEME = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g;
const URL_CREDENTIALS = /:\/\/[^\s/:@]{1,200}:[^\s/@]{1,200}@/g;
/** Most texts hold none of it; then nothing is copied. */
const suspicious = (secret: string) =>
  new RegExp(`${secret}|bearer|basic|eyJ|-----BEGIN|://[^\\s/:@]{1,200}:[^\\s/@]{1,200}@`, "i");

/** What depends on the keys that were added; made again when they change. */
interface Patterns {
  readonly key: RegExp;
  readonly pair: RegExp;
  readonly suspicious: RegExp;
}
let patterns: Patterns | undefined;

function currentPatterns(): Patterns {
  if (patterns === undefined) {
    const secret = [SECRET, ...redactionOptions().keys].join("|");
    patterns = { key: new RegExp(secret, "i"), pair: secretPair(secret), suspicious: suspicious(secret) };
  }
  return patterns;
}

/** Free text: console lines, messages and stacks of errors. What follows a telling word is taken out; what has none around it cannot be told. */
export function redactText(text: string): string {
  const { text: own } = redactionOptions();
  const clean = redactTellingText(text);
  return own === undefined ? clean : guarded(() => own(clean));
}

function redactTellingText(text: string): string {
  const { suspicious, pair } = currentPatterns();
  if (!suspicious.test(text)) return text;
  return text
    .replace(PRIVATE_KEY, REDACTED)
    .replace(COOKIES, `$1${REDACTED}`)
    .replace(pair, `$1${REDACTED}`)
    .replace(SCHEME, `$1 ${REDACTED}`)
    .replace(JSON_WEB_TOKEN, REDACTED)
    .replace(URL_CREDENTIALS, `://${REDACTED}@`);
}

/** A query without its values: which ones were secret cannot be told, but by whoever named those to keep. A part without `=` may be a value. */
export function redactQuery(query: string): string {
  if (query === "") return query;
  const { keepQuery } = redactionOptions();
  return query
    .split("&")
    .map((part) => {
      const at = part.indexOf("=");
      if (at < 0) return part === "" ? "" : REDACTED;
      const key = part.slice(0, at);
      return keepQuery.has(key) && !currentPatterns().key.test(key) ? redactText(part) : `${key}=${REDACTED}`;
    })
    .join("&");
}

/** The query of a URL or of a path with a query, and the user in front of its host. */
export function redactUrl(url: string): string {
  const mark = url.indexOf("?");
  const whole = mark < 0 ? url : `${url.slice(0, mark)}?${redactQuery(url.slice(mark + 1))}`;
  return whole.replace(URL_CREDENTIALS, `://${REDACTED}@`);
}

/**
 * By key; the same object when there is nothing to take out.
 * @param harmless for texts whose keys say nothing: in fields of log lines anything may stand
 */
export function redactAttributes<A extends Attributes>(attributes: A, harmless?: (text: string) => string): A {
  let clean: Record<string, AttributeValue> | undefined;
  for (const key of Object.keys(attributes)) {
    const value = attributes[key] as AttributeValue;
    const replaced = redactValue(key, value, harmless);
    if (replaced === value) continue;
    clean ??= { ...attributes };
    clean[key] = replaced;
  }
  return (clean as A | undefined) ?? attributes;
}

/**
 * From here on, spans and logs are cleaned on their way into any recording of this process (I12), on the caller's side, so that a
 * secret does not even reach the writer. Not undone: what is clean stays clean.
 */
export function installRedaction(): void {
  processState().hooks.redact ??= (kind, item) =>
    (kind === "span"
      ? redactSpan(item as unknown as Span)
      : redactLog(item as unknown as LogRecord)) as unknown as typeof item;
}

export function redactSpan(span: Span): Span {
  const segments = span.segments?.map((segment) => ({
    ...segment,
    attributes: redactAttributes(segment.attributes),
    status: redactStatus(segment.status),
  }));
  return {
    ...span,
    attributes: redactAttributes(span.attributes),
    status: redactStatus(span.status),
    events: span.events.map(redactEvent),
    links: span.links.map((link) => ({ ...link, attributes: redactAttributes(link.attributes) })),
    ...(segments === undefined ? undefined : { segments }),
  };
}

export function redactLog(record: LogRecord): LogRecord {
  const { body } = record;
  return {
    ...record,
    body: typeof body === "string" ? redactText(body) : redactValue("", body, redactText),
    attributes: redactAttributes(record.attributes, redactText),
  };
}

function redactStatus(status: SpanStatus): SpanStatus {
  return status.message === undefined ? status : { ...status, message: redactText(status.message) };
}

function redactEvent(event: SpanEvent): SpanEvent {
  return { ...event, attributes: redactAttributes(event.attributes) };
}

type Rule = "keep" | "secret" | "url" | "query" | "text";

const RULES: Readonly<Record<string, Rule>> = {
  "url.full": "url",
  "http.url": "url",
  "http.target": "url",
  "url.query": "query",
  "exception.message": "text",
  "exception.stacktrace": "text",
  "db.query.text": "text",
  "db.statement": "text",
};

/** Keys are few; those that are made of data must not fill memory (I7). */
const MAX_KEYS = 2000;
const rules = new Map<string, Rule>(Object.entries(RULES));

onRedactionChange(() => {
  patterns = undefined;
  rules.clear();
  for (const [key, rule] of Object.entries(RULES)) rules.set(key, rule);
});

function ruleOf(key: string): Rule {
  let rule = rules.get(key);
  if (rule === undefined) {
    rule = currentPatterns().key.test(key) ? "secret" : "keep";
    if (rules.size < MAX_KEYS) rules.set(key, rule);
  }
  return rule;
}

function redactValue(key: string, value: AttributeValue, harmless?: (text: string) => string): AttributeValue {
  const { attribute } = redactionOptions();
  const clean = redactByRule(key, value, harmless);
  if (attribute === undefined || key === "") return clean;
  return guarded(() => attribute(key, clean));
}

/** A function of the application's that throws, or that returns nothing, has not said that the value is harmless. */
function guarded<T extends AttributeValue>(clean: () => T | undefined): T | typeof REDACTED {
  try {
    return clean() ?? REDACTED;
  } catch {
    return REDACTED;
  }
}

function redactByRule(key: string, value: AttributeValue, harmless?: (text: string) => string): AttributeValue {
  const rule = ruleOf(key);
  if (typeof value === "string") {
    if (rule === "keep") return harmless?.(value) ?? value;
    if (rule === "secret") return REDACTED;
    return rule === "text" ? redactText(value) : rule === "url" ? redactUrl(value) : redactQuery(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (rule === "secret") return REDACTED;
  if (Array.isArray(value)) {
    const clean = value.map((item: AttributeValue) => redactByRule(key, item, harmless));
    return clean.every((item, at) => item === value[at]) ? value : clean;
  }
  return redactAttributes(value as Attributes, harmless);
}
