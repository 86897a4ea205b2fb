import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { type DumpedStore, describeWithOracle, dump, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";
import { sentryServer } from "./sentry-server.ts";
import { snippets } from "./snippets.ts";

/** A folder with the packed package and others, as an application has them. */
function folderWith(...packages: string[]): string {
  const folder = freshFolder();
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const options = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
  execFileSync("npm", ["install", ...options, inject("tarball"), ...packages], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return folder;
}

function recordingIn(file: string): DumpedStore {
  const [store] = dump(file);
  if (store === undefined) throw new Error("nothing was recorded");
  return store;
}

/** Each as often as it is there, in alphabetical order. */
function spanNames(file: string): string[] {
  return (values(recordingIn(file), "/spans", "name") as string[]).sort();
}

/** Sentry instruments pg, and so does the package that the application names. The spans are made whether somebody listens or not. */
const QUERIES = `
const Sentry = require("@sentry/node");
Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });
const { Client } = require("pg");
void Sentry.startSpan({ name: "report" }, async () => {
  const client = new Client({ host: "127.0.0.1", port: 9 });
  await client.connect().catch(() => {});
  await client.query("select 1").catch(() => {});
}).then(() => Sentry.close(5000));
`;

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
      const folder = folderWith(...packages);
      const programs = snippets(`situations/${page}`, "js");
      expect(programs.length).toBeGreaterThan(0);
      for (const [at, program] of programs.entries()) {
        writeFileSync(join(folder, `app${at}.cjs`), program);
        const file = join(folder, `run${at}.rrd`);
        const run = await node(folder, ["--import", "otel-rerun/register", `app${at}.cjs`], { OTEL_RERUN_FILE: file });
        expect(run.status, run.stderr).toBe(0);
        expect(run.stdout).toContain(prints); // its own exporter has it, too
        expect(spanNames(file)).toContain(span);
      }
    });
  }

  it("sentry.md: what Sentry traces is recorded, once, and Sentry gets what it gets without us", async () => {
    const pg = ["pg@8", "@opentelemetry/instrumentation-pg@0.76.0"];
    const folder = folderWith("express@5", "@sentry/node@10.78", ...pg);
    writeFileSync(join(folder, "queries.cjs"), QUERIES);
    const [app = "", byHand = ""] = snippets("situations/sentry.md", "js");
    writeFileSync(join(folder, "app.cjs"), app);
    writeFileSync(join(folder, "errors-only.cjs"), app.replace(", tracesSampleRate: 1", ""));
    writeFileSync(join(folder, "by-hand.cjs"), byHand);
    const sentry = await sentryServer();
    try {
      const run = async (script: string, isRecorded: boolean) => {
        const file = join(folder, `${script}.rrd`);
        const flags = isRecorded ? ["--import", "otel-rerun/register"] : [];
        const ended = await node(folder, [...flags, script], { OTEL_RERUN_FILE: file, SENTRY_DSN: sentry.dsn });
        expect(ended.status, ended.stderr).toBe(0);
        return { file, got: sentry.taken() };
      };
      const plain = await run("app.cjs", false);
      expect(plain.got.errors).toEqual(["out of stock"]);
      expect(plain.got.spans).toEqual(expect.arrayContaining(["GET /checkout/:id", "price"]));
      const traced = await run("app.cjs", true);
      expect(traced.got).toEqual(plain.got);
      expect(spanNames(traced.file)).toEqual(plain.got.spans);
      expect(values(recordingIn(traced.file), "/spans", "http.route")).toContain("/checkout/:id");
      expect(values(recordingIn(traced.file), "/spans", "status")).toContain("ERROR");

      const silent = await run("errors-only.cjs", false);
      expect(silent.got).toEqual({ errors: ["out of stock"], spans: [] });
      const beside = await run("errors-only.cjs", true);
      expect(beside.got).toEqual(silent.got);
      expect(spanNames(beside.file)).toEqual(expect.arrayContaining(["GET /broken", "GET /checkout/:id"]));

      const queries = await run("queries.cjs", false);
      expect(queries.got.spans).toEqual(["pg.connect", "report", "select 1"]);
      const once = await run("queries.cjs", true);
      expect(once.got).toEqual(queries.got);
      expect(spanNames(once.file)).toEqual(queries.got.spans);

      const hand = await run("by-hand.cjs", false);
      expect(hand.got.spans).toEqual(["price"]);
      expect(spanNames(join(folder, "shop.rrd"))).toEqual(["price"]);
      expect(values(recordingIn(join(folder, "shop.rrd")), "/price", "Scalars:scalars")).toEqual([4]);
    } finally {
      sentry.close();
    }
  });
});
