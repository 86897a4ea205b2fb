import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, dump, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";
import { snippets } from "./snippets.ts";

describeWithOracle("the programs of docs/situations, under register", () => {
  const pages = [
    { page: "no-otel.md", packages: ["express@5"], span: "GET /checkout/:id" },
    {
      page: "node-sdk.md",
      packages: ["@opentelemetry/api@1.9", "@opentelemetry/sdk-node@0.223.0"],
      span: "checkout",
      prints: "name: 'checkout'",
    },
    { page: "fastify-nestjs.md", packages: ["fastify@5"], span: "GET /checkout/:id" },
  ];
  for (const { page, packages, span, prints = "" } of pages) {
    it(page, async () => {
      const folder = freshFolder();
      writeFileSync(join(folder, "package.json"), '{ "private": true }');
      const options = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
      execFileSync("npm", ["install", ...options, inject("tarball"), ...packages], {
        cwd: folder,
        stdio: ["ignore", "ignore", "inherit"],
      });
      const programs = snippets(`situations/${page}`, "js");
      expect(programs.length).toBeGreaterThan(0);
      for (const [at, program] of programs.entries()) {
        writeFileSync(join(folder, `app${at}.cjs`), program);
        const file = join(folder, `run${at}.rrd`);
        const run = await node(folder, ["--import", "otel-rerun/register", `app${at}.cjs`], { OTEL_RERUN_FILE: file });
        expect(run.status, run.stderr).toBe(0);
        expect(run.stdout).toContain(prints); // its own exporter has it, too
        const [store] = dump(file);
        if (store === undefined) throw new Error("nothing was recorded");
        expect(values(store, "/spans", "name")).toContain(span);
      }
    });
  }
});
