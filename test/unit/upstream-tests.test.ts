import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

const rows = [...read("docs/upstream-tests.md").matchAll(/^\|.*\| `(test\/[^`]+)` \| (.+?) \|$/gm)].map(
  ([, file, title]) => [file as string, title as string] as const,
);

it("the page has all rows", () => {
  expect(rows.length).toBeGreaterThanOrEqual(25);
});

it.each(rows)("%s has: %s", (file, title) => {
  expect(read(file)).toContain(title);
});
