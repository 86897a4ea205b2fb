import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The programs in a page of the documentation: the fenced blocks of one language, in order. */
export function snippets(page: string, language: string): string[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, code]) =>
    of === language && code !== undefined ? [code] : [],
  );
}
