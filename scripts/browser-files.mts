import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * In a bundle for pages, `x.browser.ts` stands for `x.ts` where there is one: what a page has in the place of Node. Node's modules may
 * still be imported by what the bundle does not use; one that is left in the end is a mistake.
 */
export const browserFiles = {
  name: "browser-files",
  resolveId(source: string, importer: string | undefined) {
    if (source.startsWith("node:")) return { id: source, external: true, moduleSideEffects: false };
    if (importer === undefined || !source.startsWith(".") || !source.endsWith(".ts")) return undefined;
    const own = resolve(dirname(importer), source.replace(/\.ts$/, ".browser.ts"));
    return own !== importer && existsSync(own) ? own : undefined;
  },
  generateBundle(_options: unknown, bundle: Record<string, { fileName: string; imports?: string[]; code?: string }>) {
    for (const { fileName, imports = [] } of Object.values(bundle)) {
      const left = fileName.endsWith(".mjs") ? imports.filter((name) => !name.startsWith("@opentelemetry/")) : [];
      const foreign = left.filter((name) => bundle[name] === undefined);
      if (foreign.length > 0) throw new Error(`${fileName} is for pages, and imports ${foreign.join(", ")}`);
    }
  },
};
