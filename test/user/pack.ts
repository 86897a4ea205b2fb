/**
 * Packs the package and installs it into empty folders, as users have it: `plain` (the package, Express 5 and 4, nothing else), and
 * `sdk1`, `sdk2` and `sdk3` with the line of the OpenTelemetry SDK that the app brings itself.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

const FOLDERS = {
  plain: { express: "^5", express4: "npm:express@^4", "signal-exit": "^4" },
  sdk1: {
    "@opentelemetry/api": "~1.9.0",
    "@opentelemetry/sdk-trace-base": "1.30.1",
    "@opentelemetry/context-async-hooks": "1.30.1",
  },
  sdk2: {
    express: "^5",
    "@opentelemetry/api": "~1.9.0",
    "@opentelemetry/sdk-trace-base": "2.12.1",
    "@opentelemetry/context-async-hooks": "2.12.0",
    "@opentelemetry/sdk-logs": "0.223.0",
    "@opentelemetry/sdk-metrics": "2.12.0",
    "cls-hooked": "4.2.2",
  },
  sdk3: {
    "@opentelemetry/api": "~1.10.0",
    "@opentelemetry/sdk-trace": "3.1.1",
    "@opentelemetry/context-async-hooks": "3.1.1",
  },
} as const;

declare module "vitest" {
  export interface ProvidedContext {
    consumers: Record<keyof typeof FOLDERS, string>;
    tarball: string;
  }
}

export default function setup(project: TestProject): () => void {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const work = mkdtempSync(join(tmpdir(), "otel-rerun-user-"));
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", work], { cwd: root, encoding: "utf8" });
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("["))) as [{ filename: string }];
  const tarball = join(work, filename);
  const consumers = Object.fromEntries(
    Object.entries(FOLDERS).map(([name, dependencies]) => {
      const folder = join(work, name);
      mkdirSync(folder);
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({
          name: "consumer",
          private: true,
          dependencies: { ...dependencies, "otel-rerun": `file:${tarball}` },
        }),
      );
      execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: folder,
        stdio: ["ignore", "ignore", "inherit"],
      });
      cpSync(fileURLToPath(new URL("./apps", import.meta.url)), join(folder, "apps"), { recursive: true });
      return [name, folder];
    }),
  ) as Record<keyof typeof FOLDERS, string>;
  project.provide("consumers", consumers);
  project.provide("tarball", tarball);
  return () => rmSync(work, { recursive: true, force: true });
}
