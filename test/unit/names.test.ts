import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as rr from "../../src/index.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/coming-from-rerun.md", import.meta.url)), "utf8");
const cells = [...page.matchAll(/^\|.*?\| (.+?) \|/gm)].map(([, cell]) => cell as string);
const names = [...new Set(cells.flatMap((cell) => cell.match(/\b(rr|rec)\.[A-Za-z][A-Za-z0-9]*/g) ?? []))];

it("the page has all rows", () => {
  expect(names.length).toBeGreaterThanOrEqual(50);
});

it.each(names)("%s exists", (name) => {
  const [owner, property] = name.split(".") as [string, string];
  expect(owner === "rr" ? rr : rr.RecordingStream.prototype).toHaveProperty(property);
});
