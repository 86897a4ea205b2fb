import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, inject, it } from "vitest";
import { type DumpedStore, describeWithOracle, dump, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";
import { sentryServer } from "./sentry-server.ts";
import { snippets } from "./snippets.ts";

/** A folder with the packed package and others, as an application has them. */
function folderWith(...packages: string[]): string {
  const folder = freshFolder();
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  npm(folder, "install", inject("tarball"), ...packages);
  return folder;
}

function npm(folder: string, ...args: string[]): void {
  const options = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", "--prefer-offline"];
  execFileSync("npm", [...args, ...options], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

/** The same with what a fixture's lock file names. That takes npm far longer than the test, so it is done once for each lock file. */
function folderOf(fixture: string): string {
  const here = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
  const cache = fileURLToPath(new URL(`../../.cache/fixtures/${fixture}`, import.meta.url));
  const lock = (folder: string) => readFileSync(join(folder, "package-lock.json"), "utf8");
  if (!existsSync(join(cache, "node_modules/.package-lock.json")) || lock(cache) !== lock(here)) {
    mkdirSync(cache, { recursive: true });
    cpSync(here, cache, { recursive: true });
    npm(cache, "ci"); // it writes .package-lock.json last
  }
  const folder = freshFolder();
  cpSync(cache, folder, { recursive: true });
  npm(folder, "install", "--no-save", inject("tarball"));
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

it("every block of docs/situations is run by a test: what is added to a page has to be added to one", () => {
  const folder = fileURLToPath(new URL("../../docs/situations", import.meta.url));
  const register = "node --import otel-rerun/register app.js\n";
  const blocks = readdirSync(folder).map((page) => {
    const fences = readFileSync(join(folder, page), "utf8").match(/^```\w+$/gm) ?? [];
    return [page, fences.map((fence) => fence.slice(3)).join(" ")];
  });
  expect(Object.fromEntries(blocks)).toEqual({
    "README.md": "",
    "cls-hooked.md": "sh js js", // cls-hooked-page.test.ts
    "docker.md": "dockerfile", // production-pages.test.ts
    "fastify-nestjs.md": "ts js",
    "no-otel.md": "sh js",
    "node-sdk.md": "js",
    "production.md": "sh js sh js", // production-pages.test.ts
    "sentry.md": "js js",
  });
  for (const page of ["cls-hooked.md", "no-otel.md"]) expect(snippets(`situations/${page}`, "sh")).toEqual([register]);
});

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

  it("fastify-nestjs.md: NestJS", async () => {
    const folder = folderOf("nestjs");
    const [program = ""] = snippets("situations/fastify-nestjs.md", "ts");
    const compilerOptions: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true, // as Nest's own command line sets them
      emitDecoratorMetadata: true,
    };
    writeFileSync(join(folder, "main.js"), ts.transpileModule(program, { compilerOptions }).outputText);
    const file = join(folder, "run.rrd");
    const run = await node(folder, ["--import", "otel-rerun/register", "main.js"], { OTEL_RERUN_FILE: file });
    expect(run.status, run.stderr).toBe(0);
    expect(values(recordingIn(file), "/spans", "http.route")).toContain("/checkout/:id");
    expect(spanNames(file)).toContain("GET /checkout/:id");
  });

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
