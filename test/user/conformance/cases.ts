import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freshFolder, node } from "../run.ts";

/** What a script of this folder found out, by the names it gave; `folder` is where it wrote its files. */
export interface Findings {
  readonly found: Readonly<Record<string, unknown>>;
  readonly folder: string;
  readonly stderr: string;
}

/**
 * Runs `<name>.mjs` of this folder in a consumer's, where `otel-rerun` is the packed package. It prints one JSON object; many cases
 * share a script, because each start of a process costs more than they do.
 */
export async function findings(consumer: string, name: string, env: Record<string, string> = {}): Promise<Findings> {
  const folder = freshFolder();
  const run = await node(consumer, [script(consumer, name)], { FOLDER: folder, ...env }, 180_000);
  if (run.status !== 0) throw new Error(`${name}.mjs ended with ${run.status ?? run.signal}: ${run.stderr}`);
  return { found: JSON.parse(run.stdout) as Record<string, unknown>, folder, stderr: run.stderr };
}

/** The path of a script of this folder in a consumer's, where it is brought. */
export function script(consumer: string, name: string): string {
  const scripts = fileURLToPath(new URL(".", import.meta.url));
  cpSync(scripts, join(consumer, "conformance"), { recursive: true });
  return `conformance/${name}.mjs`;
}
