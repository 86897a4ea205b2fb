import { array, assert, check, integer, jsonValue, pre, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonPieces } from "../../../src/bridges/json/json-pieces.ts";

interface Told {
  readonly pieces: unknown[];
  readonly bad: (readonly [number | undefined, number | undefined])[];
  readonly isCut: boolean;
}

/** What is found in a text that comes in chunks of that many bytes. */
function told(text: string | Buffer, chunkBytes = 1 << 20, maxBytes = 1 << 20): Told {
  const pieces: unknown[] = [];
  const bad: (readonly [number | undefined, number | undefined])[] = [];
  let isCut = false;
  const splitter = new JsonPieces(
    {
      piece: (piece) => pieces.push(JSON.parse(piece)),
      bad: (_, { line, column }) => bad.push([line, column]),
      tooLarge: ({ line, column }) => bad.push([line, column]),
      cut: () => {
        isCut = true;
      },
    },
    maxBytes,
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) splitter.push(bytes.subarray(at, at + chunkBytes));
  splitter.end();
  return { pieces, bad, isCut };
}

describe("a document of any layout", () => {
  it.each([
    ['{"resourceSpans":[{"a":1},{"a":2}]}', [{ a: 1 }, { a: 2 }]],
    ['{\n  "resourceSpans": [\n    {\n      "a": 1\n    },\n    {"a": 2}\n  ]\n}\n', [{ a: 1 }, { a: 2 }]],
    ['{"resourceSpans":[{"a":1}]}\n{"resourceLogs":[{"a":2}]}\n', [{ a: 1 }, { a: 2 }]],
    ['{"resourceSpans":[{"a":1}]} {"resourceLogs":[{"a":2}]}', [{ a: 1 }, { a: 2 }]],
    ['[{"resourceSpans":[{"a":1}]},{"resourceMetrics":[{"a":2}]}]', [{ a: 1 }, { a: 2 }]],
    ['{"result":{"resourceSpans":[{"a":1}]}}', [{ a: 1 }]],
    ['{"data":[{"traceID":"x","spans":[1,2]}],"total":0,"errors":null}', [{ traceID: "x", spans: [1, 2] }]],
    ['{"data":{"resourceSpans":[{"a":1}]}}', [{ a: 1 }]],
    ['{"traceID":"x","spans":[{}],"processes":{"p1":{}}}', [{ traceID: "x", spans: [{}], processes: { p1: {} } }]],
    ['[[{"id":"1"}],[{"id":"2"}]]', [{ id: "1" }, { id: "2" }]],
    ['\uFEFF{"resourceSpans":[{"a":"é\\"}]"}]}', [{ a: 'é"}]' }]],
    ['{"data":null,"x":1}', [{ data: null, x: 1 }]],
    ["", []],
    ["  \n\r\n\t", []],
  ])("%j", (text, pieces) => {
    for (const chunkBytes of [1, 2, 3, 7, 1 << 20]) {
      expect(told(text, chunkBytes)).toEqual({ pieces, bad: [], isCut: false });
    }
  });
});

describe("damage", () => {
  const good = '{"resourceSpans":[{"a":1}]}\n';

  it.each([
    ["a line of something else", `${good}hello\n${good}`, [[2, 1]]],
    ["a line that is cut in a value", `${good}{"resourceSpans":[{"a":\n${good}`, [[2, 24]]],
    ["a line that is cut in a text", `${good}{"resourceSpans":[{"a":"b\n${good}`, [[2, 26]]],
    ["a line that is cut in its outermost list", `${good}{"resourceSpans":[\n${good}`, [[2, 19]]],
    ["a first line that was cut at its beginning", `urceSpans":[{}]}\n${good}${good}`, [[1, 1]]],
    ["a first line that is cut at its end", `{"resourceSpans":[{"b":[1,2\n${good}${good}`, [[2, 1]]],
    ["a bracket too many", `${good.trim()}]\n${good}`, [[1, 28]]],
  ])("%s leaves the other lines", (_, text, bad) => {
    for (const chunkBytes of [1, 5, 1 << 20]) {
      const found = told(text, chunkBytes);
      expect(found.bad).toEqual(bad);
      expect(found.pieces).toEqual([{ a: 1 }, { a: 1 }]);
    }
  });

  it("a tail that is cut keeps what came before", () => {
    const text = '{"resourceSpans":[{"a":1},{"a":2},{"a":';
    expect(told(text)).toEqual({ pieces: [{ a: 1 }, { a: 2 }], bad: [], isCut: true });
  });

  it("a comma before the end is told with line and column", () => {
    expect(told('[{"a":1},\n]').bad).toEqual([[2, 1]]);
  });

  it("a value beyond the limit is left out, the others are not", () => {
    const large = JSON.stringify({ a: "x".repeat(1000) });
    const text = `{"resourceSpans":[{"a":1},${large},{"a":3}]}`;
    for (const chunkBytes of [10, 1 << 20]) {
      expect(told(text, chunkBytes, 500)).toEqual({ pieces: [{ a: 1 }, { a: 3 }], bad: [[1, 27]], isCut: false });
    }
  });

  it("depth is no limit", () => {
    const deep = `{"resourceSpans":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`;
    expect(told(deep).bad).toEqual([]);
  });
});

describe("properties", () => {
  it("values come out as they went in, however they are cut into chunks", () => {
    assert(
      property(array(jsonValue(), { maxLength: 5 }), integer({ min: 1, max: 40 }), (values, chunkBytes) => {
        const text = JSON.stringify({ resourceSpans: values });
        expect(told(text, chunkBytes)).toEqual({ pieces: JSON.parse(JSON.stringify(values)), bad: [], isCut: false });
      }),
    );
  });

  it("any text ends, and a good line after it is found", () => {
    const result = check(
      property(string({ maxLength: 60 }), integer({ min: 1, max: 9 }), (junk, chunkBytes) => {
        pre(!/[\n{[]/.test(junk));
        const text = `{"resourceSpans":[{"a":1}]}\n${junk}\n{"resourceSpans":[{"a":2}]}\n`;
        expect(told(text, chunkBytes).pieces).toEqual([{ a: 1 }, { a: 2 }]);
      }),
    );
    expect(result.failed).toBe(false);
  });
});
