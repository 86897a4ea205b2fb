import { queryError } from "./query-error.ts";

export type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~";

/** A piece of an expression; `at` is its offset in the text. */
export type Token =
  | { readonly type: "word"; readonly text: string; readonly at: number }
  | { readonly type: "string"; readonly text: string; readonly at: number }
  | {
      readonly type: "number";
      readonly value: number;
      readonly unit: string;
      readonly text: string;
      readonly at: number;
    }
  | { readonly type: "operator"; readonly text: Operator; readonly at: number }
  | { readonly type: "bracket"; readonly text: "(" | ")" | "[" | "]"; readonly at: number }
  | { readonly type: "end"; readonly text: ""; readonly at: number };

const SPACE = /\s+/y;
const OPERATOR = /!=|>=|<=|==|[=><~]/y;
const BRACKET = /[()[\]]/y;
const NUMBER = /(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Zµμ]*)(?![\w.])/y;
const WORD = /[\p{L}\p{N}_/:.*?@%+-]+/uy;

/** @throws RerunError ERR_RERUN_ARGUMENT at a character that begins nothing. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text) ?? undefined;
  };
  while (at < text.length) {
    const space = take(SPACE);
    if (space !== undefined) {
      at += space[0].length;
      continue;
    }
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const { value, end } = quoted(text, at);
      tokens.push({ type: "string", text: value, at });
      at = end;
      continue;
    }
    const found = take(OPERATOR) ?? take(BRACKET) ?? take(NUMBER) ?? take(WORD);
    if (found === undefined) throw queryError(text, at, `nothing begins with ${text[at]}; texts stand in "quotes"`);
    tokens.push(tokenOf(found, at));
    at += found[0].length;
  }
  tokens.push({ type: "end", text: "", at: text.length });
  return tokens;
}

function tokenOf(found: RegExpExecArray, at: number): Token {
  const text = found[0];
  if (/^(!=|>=|<=|==|[=><~])$/.test(text))
    return { type: "operator", text: (text === "==" ? "=" : text) as Operator, at };
  if (/^[()[\]]$/.test(text)) return { type: "bracket", text: text as "(", at };
  const [, digits, unit = ""] = found;
  if (digits !== undefined) return { type: "number", value: Number(digits), unit, text, at };
  return { type: "word", text, at };
}

/** Inside of quotes a backslash takes the next character as it is. */
function quoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === quote) return { value, end: at + 1 };
    if (text[at] === "\\" && at + 1 < text.length) at++;
    value += text[at];
  }
  throw queryError(text, start, `a text that begins with ${quote} has to end with it`);
}
