import fc from "fast-check";
import { expect, it } from "vitest";
import { compareTuids, parseTuid, putTuidString, tuidString } from "../../../src/bytes/tuid.ts";

const tuid = fc.uint8Array({ minLength: 16, maxLength: 16 });

it("prints the time in upper case and the counter in lower case, as Rerun does", () => {
  const id = Buffer.from("187a5a1b2c3d4e5f00ab34cd56ef7890", "hex");
  expect(tuidString(id)).toBe("187A5A1B2C3D4E5F00ab34cd56ef7890");
});

it("reads what it prints, in any case", () => {
  fc.assert(
    fc.property(tuid, (id) => {
      const text = tuidString(id);
      for (const form of [text, text.toLowerCase(), text.toUpperCase()]) expect(parseTuid(form)).toEqual(id);
      const bytes = new Uint8Array(40);
      putTuidString(bytes, 5, id);
      expect(Buffer.from(bytes.subarray(5, 37)).toString("latin1")).toBe(text);
    }),
  );
});

it.each(["", "0".repeat(31), "0".repeat(33), "g".repeat(32), `chunk_${"0".repeat(26)}`])("does not read %j", (text) =>
  expect(parseTuid(text)).toBeUndefined(),
);

it("compares as bytes, where they stand", () => {
  fc.assert(
    fc.property(tuid, tuid, (a, b) => {
      const both = Uint8Array.of(7, ...a, ...b);
      expect(compareTuids(both, 1, both, 17)).toBe(Buffer.compare(a, b));
      expect(compareTuids(both, 1, a, 0)).toBe(0);
    }),
  );
});
