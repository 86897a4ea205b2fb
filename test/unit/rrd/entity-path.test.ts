import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  entityPath,
  entityPathParts,
  escapeEntityPathPart,
  parseEntityPath,
  parseEntityPathStrict,
} from "../../../src/rrd/entity-path.ts";

describe("parseEntityPath", () => {
  // the right column is what rerun-sdk 0.41.0 prints for a row that was logged to the left one
  it.each([
    ["a", "/a"],
    ["/a/b", "/a/b"],
    ["a//b/", "/a/b"],
    ["", "/"],
    ["///", "/"],
    ["a b", "/a\\ b"],
    ["a\\ b", "/a\\ b"],
    ["a\\/b/c", "/a\\/b/c"],
    ["a/ /b", "/a/\\ /b"],
    ["a:b@c", "/a\\:b\\@c"],
    ["x[#3]", "/x\\[\\#3\\]"],
    ["^{|}~`", "/\\^\\{\\|\\}\\~\\`"],
    ["a\\-b\\.c\\_d", "/a-b.c_d"],
    ["é/日本/½", "/é/日本/½"],
    ["a\u0301", "/a\\u{0301}"],
    ["\u200b", "/\\u{200B}"],
    ["\0", "/\\u{0000}"],
    ["a\\nb", "/a\\nb"],
    ["a\nb", "/a\\nb"],
    ["a\tb\r", "/a\\tb\\r"],
    ["\\u{00e9}x", "/éx"],
    ["\\u{0041}", "/A"],
    ["\\u{12}", "/\\u{0012}"],
    ["\\u{zzzz}", "/\\\\u\\{zzzz\\}"],
    ["\\u{D800}", "/\\\\u\\{D800\\}"],
    ["\\u12", "/\\\\u12"],
    ["a\\q", "/aq"],
    ["a\\éb", "/aéb"],
    ["a\\", "/a\\\\"],
  ])("reads %j as the official SDK does", (path, expected) => expect(parseEntityPath(path)).toBe(expected));

  it("leaves characters above U+FFFF as they are: older viewers cannot read their escapes", () => {
    expect(parseEntityPath("😀")).toBe("/😀");
    expect(parseEntityPath("\\u{1F600}")).toBe("/😀");
  });

  it("makes valid UTF-8 of half a surrogate pair", () => expect(parseEntityPath("a\ud83d")).toBe("/a\\u{FFFD}"));

  it("is stable for what it returned", () => {
    const anyText = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(anyText, (path) => {
        expect(parseEntityPath(parseEntityPath(path))).toBe(parseEntityPath(path));
      }),
    );
  });

  it("in the strict form takes every path that was made of parts, and gives the parts back", () => {
    const anyPart = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
    const parts = fc.array(anyPart, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, (given) => {
        const path = entityPath(...given);
        expect(parseEntityPathStrict(path)).toBe(path);
        expect(entityPathParts(path)).toEqual(given);
      }),
    );
    expect(entityPath("world", "a/b", 3)).toBe("/world/a\\/b/3");
    expect(parseEntityPathStrict("/")).toBe("/");
  });

  for (const path of ["a//b", "a/", "", "//a", "a b", "a\\q", "a\\u{zz}", "naïve!", "a\\"]) {
    it(`in the strict form refuses ${JSON.stringify(path)}`, () => {
      expect(() => parseEntityPathStrict(path)).toThrow(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
    });
  }

  it("gives back the parts that were escaped", () => {
    const parts = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(parts, (given) => {
        const path = `/${given.map(escapeEntityPathPart).join("/")}`;
        expect(parseEntityPath(path)).toBe(path);
      }),
    );
  });
});

it("entityPath takes parts, or an array of them; a part may be a number", () => {
  expect(entityPath("world", "a b", 3)).toBe("/world/a\\ b/3");
  expect(entityPath(["world", "a b", 3])).toBe("/world/a\\ b/3");
  expect(entityPath("robot", ["world", "a/b"])).toBe("/robot/world/a\\/b");
  expect(escapeEntityPathPart(5)).toBe("5");
});
