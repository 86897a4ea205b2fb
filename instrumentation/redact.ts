import { processState } from "../src/recording/process/process-state.ts";
import type {
  Attributes,
  AttributeValue,
  LogRecord,
  Resource,
  Span,
  SpanEvent,
  SpanStart,
  SpanStatus,
} from "../src/telemetry/model.ts";
import { onRedactionChange, redactionOptions } from "./redaction-options.ts";

type Clean = (text: string) => string;

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
/** Also without a user, and with `@` in the password. */
const URL_CREDENTIALS = /:\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@(?:[^\s/@?#"'`]{0,200}@){0,4}/g;
/** The query or fragment of a URL, or of a path, inside a text. */
const QUERY = /(?<=\S)([?#])([\w%~&[\]-][^\s"'`<>=?#]{0,128}=[^\s"'`<>]*)/g;
/** Most texts hold none of it; then nothing is copied. */
const suspicious = (secret: string) => new RegExp(`${secret}|bearer|basic|eyJ|-----BEGIN`, "i");

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
  // one of these is in all that is looked for, and short values, which most are, have none
  if (!(text.includes("=") || text.includes(":") || text.includes(" ") || text.includes("eyJ"))) return text;
  const { suspicious, pair } = currentPatterns();
  let clean = text;
  if (suspicious.test(text)) {
    clean = text
      .replace(PRIVATE_KEY, REDACTED)
      .replace(COOKIES, `$1${REDACTED}`)
      .replace(pair, `$1${REDACTED}`)
      .replace(SCHEME, `$1 ${REDACTED}`)
      .replace(JSON_WEB_TOKEN, REDACTED);
  }
  if (clean.includes("://")) clean = clean.replace(URL_CREDENTIALS, `://${REDACTED}@`);
  if (clean.includes("=") && (clean.includes("?") || clean.includes("#"))) {
    clean = clean.replace(
      QUERY,
      (_, mark: string, query: string) => mark + query.split("#").map(redactQuery).join("#"),
    );
  }
  return clean;
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

/** The query of a URL or of a path with a query, a fragment that is one, and the user in front of its host. */
export function redactUrl(url: string): string {
  const [mark, hash] = [url.indexOf("?"), url.indexOf("#")];
  const isInFragment = hash >= 0 && (mark < 0 || hash < mark) && url.includes("=", hash);
  const at = isInFragment ? hash : mark;
  const whole = at < 0 ? url : url.slice(0, at + 1) + redactQuery(url.slice(at + 1));
  return whole.replace(URL_CREDENTIALS, `://${REDACTED}@`);
}

/**
 * By key; the same object when there is nothing to take out.
 * @param harmless for texts whose keys say nothing
 */
export function redactAttributes<A extends Attributes>(attributes: A, harmless: Clean = redactTellingText): A {
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
  processState().hooks.redact ??= (kind, item) => CLEAN[kind](item as never) as typeof item;
}

export function redactSpan(span: Span): Span {
  const segments = span.segments?.map((segment) => ({
    ...segment,
    name: redactName(segment.name),
    attributes: redactAttributes(segment.attributes),
    status: redactStatus(segment.status),
  }));
  return {
    ...span,
    name: redactName(span.name),
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
  return { ...event, name: redactName(event.name), attributes: redactAttributes(event.attributes) };
}

function redactStart(start: SpanStart): SpanStart {
  const name = redactName(start.name);
  return name === start.name ? start : { ...start, name };
}

/** Once for each: whoever asks gives the same object for the same resource. */
function redactResource(resource: Resource): Resource {
  let clean = resources.get(resource);
  if (clean === undefined) {
    const attributes = redactAttributes(resource.attributes);
    clean = attributes === resource.attributes ? resource : { ...resource, attributes };
    resources.set(resource, clean);
  }
  return clean;
}

let resources = new WeakMap<Resource, Resource>();

const CLEAN = { span: redactSpan, start: redactStart, log: redactLog, resource: redactResource };

/** Names of spans, events and layers are few, and come with each request, as those of routes and browsers. */
function redactName(name: string): string {
  let clean = names.get(name);
  if (clean === undefined) {
    clean = redactTellingText(name);
    if (names.size < MAX_KEYS && name.length <= MAX_NAME_LENGTH) names.set(name, clean);
  }
  return clean;
}

type Rule = "keep" | "plain" | "name" | "secret" | "url" | "query" | "text";

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

/** Come with each request: what HTTP and the system have put together, and what is the same each time. Unless their key is to be redacted. */
const USUAL: ReadonlyMap<string, Rule> = new Map([
  ["http.request.method", "plain"],
  ["url.scheme", "plain"],
  ["network.protocol.version", "plain"],
  ["server.address", "plain"],
  ["client.address", "plain"],
  ["http.route", "name"],
  ["user_agent.original", "name"],
]);

/** Keys are few; those that are made of data must not fill memory (I7). */
const MAX_KEYS = 2000;
const MAX_NAME_LENGTH = 256;
const rules = new Map<string, Rule>(Object.entries(RULES));
const names = new Map<string, string>();

onRedactionChange(() => {
  patterns = undefined;
  names.clear();
  resources = new WeakMap();
  rules.clear();
  for (const [key, rule] of Object.entries(RULES)) rules.set(key, rule);
});

function ruleOf(key: string): Rule {
  let rule = rules.get(key);
  if (rule === undefined) {
    rule = currentPatterns().key.test(key) ? "secret" : (USUAL.get(key) ?? "keep");
    if (rules.size < MAX_KEYS) rules.set(key, rule);
  }
  return rule;
}

function redactValue(key: string, value: AttributeValue, harmless: Clean): AttributeValue {
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

function redactByRule(key: string, value: AttributeValue, harmless: Clean): AttributeValue {
  const rule = ruleOf(key);
  if (typeof value === "string") {
    if (rule === "keep") return harmless(value);
    if (rule === "plain") return value;
    if (rule === "name") return redactName(value);
    if (rule === "secret") return REDACTED;
    return rule === "text" ? redactText(value) : rule === "url" ? redactUrl(value) : redactQuery(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (rule === "secret") return REDACTED;
  if (Array.isArray(value)) {
    const clean = value.map((item: AttributeValue, at) =>
      isAfterSecretName(value, at) ? REDACTED : redactByRule(key, item, harmless),
    );
    return clean.every((item, at) => item === value[at]) ? value : clean;
  }
  return redactAttributes(value as Attributes, harmless);
}

/** In a flat list of names and values, as Node's `rawHeaders` is, and behind an option of a command line. */
function isAfterSecretName(list: readonly AttributeValue[], at: number): boolean {
  const name = list[at - 1];
  if (typeof name !== "string" || typeof list[at] !== "string" || !/^[\w.-]{1,64}$/.test(name)) return false;
  return (at % 2 === 1 || name.startsWith("-")) && currentPatterns().key.test(name);
}
