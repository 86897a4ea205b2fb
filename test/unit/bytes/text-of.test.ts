import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOf } from "../../../src/bytes/text-of.ts";

const encoder = new TextEncoder();

function read(text: string): string {
  const bytes = encoder.encode(`before${text}after`);
  return textOf(bytes, 6, bytes.length - 5);
}

describe("textOf", () => {
  it("is what was encoded, whatever was read before", () => {
    // few letters and lengths: many are known already, and many meet at one place
    const texts = fc.array(
      fc.oneof(fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 5 }), fc.string({ unit: "grapheme" })),
      { minLength: 100, maxLength: 500 },
    );
    fc.assert(
      fc.property(texts, (all) => {
        for (const text of all) expect(read(text)).toBe(text);
      }),
    );
  });

  it("tells texts of one hash from one another", () => {
    // 31 × 65 + 97 = 31 × 66 + 66
    for (const text of ["Aa", "BB", "Aa", "AaAa", "BBBB", "AaBB"]) expect(read(text)).toBe(text);
  });

  it("is U+FFFD where the bytes are no UTF-8, also behind text that is known", () => {
    expect(read("abc")).toBe("abc");
    const bytes = new Uint8Array([0x61, 0x62, 0xff]);
    expect(textOf(bytes, 0, 3)).toBe(new TextDecoder().decode(bytes));
  });
});
