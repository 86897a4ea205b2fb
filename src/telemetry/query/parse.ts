import type { AttributeField, Comparison, Expression, TextField } from "./expression.ts";
import { queryError } from "./query-error.ts";
import { type Token, tokensOf } from "./tokens.ts";

const TEXT_FIELDS: ReadonlySet<string> = new Set(["service", "name", "route", "status", "kind", "trace"]);
const FIELDS = 'service, name, route, status, kind, duration, trace, attributes["…"]';

/** What `status` and `kind` can be; a typing error in them would match nothing, silently. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  status: ["ok", "error", "unset", "unfinished"],
  kind: ["server", "client", "internal", "producer", "consumer"],
};

/** Nanoseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
};

/** Deeper brackets are no question but an attack on the stack. */
const MAX_DEPTH = 200;

/**
 *   or      = and { "or" and }
 *   and     = not { "and" not }
 *   not     = "not" not | "(" or ")" | field operator value | text
 *   field   = service | name | route | status | kind | duration | trace | attributes["…"]
 *   operator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~"
 *
 * @throws RerunError ERR_RERUN_ARGUMENT with the column and what was expected there.
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  parse(): Expression {
    const expression = this.#or();
    const rest = this.#peek();
    if (rest.type !== "end") this.#fail(rest, `"and" or "or" is expected between two conditions`);
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord("or")) left = { type: "or", left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takeWord("and")) left = { type: "and", left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    if (++this.#depth > MAX_DEPTH) this.#fail(this.#peek(), `more than ${MAX_DEPTH} conditions inside each other`);
    const expression = this.#term();
    this.#depth--;
    return expression;
  }

  #term(): Expression {
    if (this.#takeWord("not")) return { type: "not", operand: this.#not() };
    const token = this.#take();
    if (token.type === "bracket" && token.text === "(") {
      const inner = this.#or();
      const close = this.#take();
      if (close.type !== "bracket" || close.text !== ")") {
        this.#fail(close, `the bracket of column ${token.at + 1} has to be closed by )`);
      }
      return inner;
    }
    if (token.type === "end") this.#fail(token, `a condition is expected, such as service = "shop"`);
    if (token.type === "word" && isReserved(token)) this.#fail(token, `a condition is expected before ${token.text}`);
    const after = this.#peek();
    const isField = after.type === "operator" || (token.text === "attributes" && after.type === "bracket");
    if (token.type === "word" && isField) return this.#comparison(token);
    if (token.type === "operator" || token.type === "bracket") {
      this.#fail(token, `a field is expected before ${token.text}: ${FIELDS}`);
    }
    if (after.type === "operator") this.#fail(token, `a field is expected before ${after.text}: ${FIELDS}`);
    return { type: "text", text: token.text };
  }

  #comparison(field: Token): Comparison {
    if (field.text === "duration") return this.#duration();
    if (field.text === "attributes") return this.#attribute(this.#key());
    if (!TEXT_FIELDS.has(field.text)) this.#fail(field, `there is no field ${field.text}; there are ${FIELDS}`);
    const name = field.text as TextField;
    const operator = this.#take();
    const value = this.#value();
    if (operator.text === "~") return { type: "pattern", field: name, value: this.#pattern(value) };
    if (name === "status" && value.type === "number") {
      return { type: "status-code", operator: operator.text as "=", value: this.#plainNumber(value) };
    }
    if (operator.text !== "=" && operator.text !== "!=") {
      this.#fail(
        operator,
        `${name} is compared with =, != or ~${name === "status" ? ", an HTTP status such as 500 also by size" : ""}`,
      );
    }
    const allowed = VALUES[name];
    const text = allowed === undefined ? value.text : value.text.toLowerCase();
    if (allowed !== undefined && !allowed.includes(text)) {
      this.#fail(value, `${name} is one of ${allowed.join(", ")}${name === "status" ? ", or an HTTP status" : ""}`);
    }
    return { type: "text-field", field: name, operator: operator.text as "=", value: text };
  }

  #duration(): Comparison {
    const operator = this.#take();
    const value = this.#value();
    const unit = value.type === "number" ? UNITS[value.unit] : undefined;
    if (operator.text === "~") this.#fail(operator, "a duration is compared with = != > >= < <=");
    if (value.type !== "number" || unit === undefined) {
      this.#fail(value, "a duration is a number with a unit, ns us ms s m or h: 250ms, 1.5s");
    }
    return { type: "duration", operator: operator.text as "=", value: value.value * unit };
  }

  #key(): AttributeField {
    const [open, key, close] = [this.#take(), this.#take(), this.#take()];
    if (open.text !== "[") this.#fail(open, 'attributes are named so: attributes["http.route"]');
    if (key.type !== "string" && key.type !== "word") this.#fail(key, "the name of an attribute is expected");
    if (close.text !== "]") this.#fail(close, "] is expected behind the name of the attribute");
    return { key: key.text };
  }

  #attribute(field: AttributeField): Comparison {
    const operator = this.#take();
    if (operator.type !== "operator") this.#fail(operator, "an operator is expected: = != > >= < <= ~");
    const value = this.#value();
    if (operator.text === "~") return { type: "pattern", field, value: this.#pattern(value) };
    if (value.type === "number") {
      return { type: "attribute", field, operator: operator.text, value: this.#plainNumber(value) };
    }
    if (operator.text !== "=" && operator.text !== "!=") this.#fail(value, "a number is expected here");
    const isBoolean = value.type === "word" && (value.text === "true" || value.text === "false");
    return { type: "attribute", field, operator: operator.text, value: isBoolean ? value.text === "true" : value.text };
  }

  #value(): Extract<Token, { type: "word" | "string" | "number" }> {
    const token = this.#take();
    if (token.type === "string" || token.type === "number") return token;
    if (token.type === "word" && !isReserved(token)) return token;
    return this.#fail(token, 'a value is expected: a "text", a number or a duration');
  }

  #plainNumber(token: Extract<Token, { type: "number" }>): number {
    if (token.unit !== "") this.#fail(token, `a number without a unit is expected, not ${token.text}`);
    return token.value;
  }

  #pattern(token: Token): RegExp {
    try {
      return new RegExp(token.text, "u");
    } catch (error) {
      return this.#fail(token, `~ takes a regular expression: ${(error as Error).message}`);
    }
  }

  #takeWord(text: string): boolean {
    const token = this.#peek();
    if (token.type !== "word" || token.text.toLowerCase() !== text) return false;
    this.#next++;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  /** The end is never passed. */
  #take(): Token {
    const token = this.#peek();
    if (token.type !== "end") this.#next++;
    return token;
  }

  #fail({ at }: Token, what: string): never {
    throw queryError(this.#text, at, what);
  }
}

function isReserved({ text }: Token): boolean {
  return /^(and|or|not)$/i.test(text);
}
