import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RerunError } from "../../../src/errors.ts";
import type { Span } from "../../../src/telemetry/model.ts";
import { matches } from "../../../src/telemetry/query/matches.ts";
import { parseExpression } from "../../../src/telemetry/query/parse.ts";
import { MS, span, T0 } from "../telemetry/telemetry.ts";

const checkout = span("s1", {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  name: "POST /checkout",
  kind: 1,
  endTime: T0 + 1500n * MS,
  status: { code: 2, message: "no stock" },
  attributes: { "http.route": "/checkout", "http.response.status_code": 503, "user.id": "7", retried: true, big: 7n },
});
const holds = (text: string, of: Span = checkout) => matches(parseExpression(text), of);

describe("an expression holds for a span", () => {
  it.each([
    ['service = "shop" and duration > 1s', true],
    ["service = shop and duration > 2s", false],
    ["duration >= 1500ms and duration <= 1.5s and duration = 1500000us", true],
    ["status = error", true],
    ["status = ERROR and status != ok", true],
    ["status >= 500 and status < 600", true],
    ["status = 200", false],
    ["kind = server", true],
    ["kind != server", false],
    ['route ~ "^/check"', true],
    ["name ~ 'GET|PUT'", false],
    ["trace = 0af7651916cd43dd8448eb211c80319c", true],
    ['attributes["user.id"] = "7"', true],
    ['attributes["user.id"] = 7', true],
    ['attributes["user.id"] > 6', true],
    ["attributes[retried] = true", true],
    ["attributes[big] = 7", true],
    ['attributes["no such"] = 1', false],
    ['attributes["no such"] != 1', true],
    ["not status = ok", true],
    ["not (status = error or kind = server)", false],
    ["status = ok or status = error and kind = server", true],
    ["(status = ok or status = error) and kind = client", false],
    ["checkout", true],
    ["/CHECKOUT and 0af7", true],
    ["shop and not cart", true],
    ["'two words'", false],
  ])("%s: %s", (text, expected) => {
    expect(holds(text)).toBe(expected);
  });
});

describe("what cannot be understood is named with its column", () => {
  it.each([
    ["", 1, "a condition is expected"],
    ["service =", 10, "a value is expected"],
    ['servce = "shop"', 1, "there is no field servce"],
    ["duration > 1", 12, "a number with a unit"],
    ["duration > 1parsec", 12, "ns us ms s m or h"],
    ["duration ~ 1s", 10, "compared with"],
    ['service > "a"', 9, "compared with ="],
    ["status = failed", 10, "one of ok, error"],
    ["kind = sever", 8, "one of server"],
    ["name ~ '('", 8, "regular expression"],
    ["(status = ok", 13, "the bracket of column 1"],
    ["status = ok)", 12, '"and" or "or" is expected'],
    ["status = ok kind = server", 13, '"and" or "or" is expected'],
    ["status = ok and", 16, "a condition is expected"],
    ["and status = ok", 1, "a condition is expected before and"],
    ["service = 'shop", 11, "has to end with it"],
    ["service = $x", 11, "nothing begins with $"],
    ["attributes.user = 1", 1, "there is no field attributes.user"],
    ["attributes[", 12, "the name of an attribute"],
    ['attributes["a" = 1', 16, "] is expected"],
    ["attributes[a] > x", 17, "a number is expected"],
    ["= 1", 1, "a field is expected"],
    ["status >= 5xx", 11, "a number without a unit"],
  ])("%s", (text, column, what) => {
    const parse = () => parseExpression(text);
    expect(parse).toThrow(RerunError);
    expect(parse).toThrow(what);
    expect(parse).toThrow(`column ${column}:`);
  });

  it("marks the place below the expression", () => {
    const [, line, mark] = messageOf("duration > 1 and name = x").split("\n");
    expect(line?.[mark?.indexOf("^") ?? -1]).toBe("1");
  });

  it("refuses brackets by the thousand instead of overflowing the stack (I8)", () => {
    expect(() => parseExpression(`${"(".repeat(100_000)}x`)).toThrow("inside each other");
    expect(() => parseExpression(`${"not ".repeat(100_000)}x`)).toThrow("inside each other");
  });
});

function messageOf(text: string): string {
  try {
    parseExpression(text);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Conditions of which it is known whether they hold for `checkout`. */
const known = fc.constantFrom<[string, boolean]>(
  ['service = "shop"', true],
  ["service != shop", false],
  ["duration > 1s", true],
  ["duration < 20 ms".replace(" ms", "ms"), false],
  ["status = error", true],
  ['attributes["user.id"] ~ "^8"', false],
  ["checkout", true],
  ["'not there'", false],
);

/** Nested conditions, written with more spaces and brackets than needed, and what is to come out. */
const nested = fc.letrec<{ node: [string, boolean] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    known,
    tie("node").map(([text, value]): [string, boolean] => [`not (${text})`, !value]),
    fc.tuple(tie("node"), tie("node")).map(([a, b]): [string, boolean] => [`(${a[0]})  and ( ${b[0]} )`, a[1] && b[1]]),
    fc.tuple(tie("node"), tie("node")).map(([a, b]): [string, boolean] => [`((${a[0]}) OR (${b[0]}))`, a[1] || b[1]]),
  ),
})).node;

describe("for every expression", () => {
  it("brackets, not, and, or mean what logic says", () => {
    fc.assert(
      fc.property(nested, ([text, expected]) => {
        expect(holds(text)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("and binds tighter than or, without brackets", () => {
    fc.assert(
      fc.property(known, known, known, ([a, x], [b, y], [c, z]) => {
        expect(holds(`${a} or ${b} and ${c}`)).toBe(x || (y && z));
        expect(holds(`${a} and not ${b} or ${c}`)).toBe((x && !y) || z);
      }),
    );
  });

  it("any text either means something or is refused with a column inside of it (I8)", () => {
    const piece = fc.constantFrom(
      ...'service duration status ( ) [ ] = != ~ > and or not 1s 5 "a" \' attributes é \\'.split(" "),
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          matches(parseExpression(input), checkout);
        } catch (error) {
          if (!(error instanceof RerunError)) throw error;
          const column = Number(/column (\d+)/.exec(error.message)?.[1]);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(input.length + 1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
