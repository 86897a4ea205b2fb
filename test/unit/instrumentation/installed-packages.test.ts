import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { installedPackages } from "../../../instrumentation/installed-packages.ts";
import { isEsModule } from "../../../instrumentation/module-hook.ts";
import { freshFolder } from "../../user/run.ts";

describe("installedPackages", () => {
  const root = freshFolder();
  const app = join(root, "services/shop");
  const named = (...endings: string[]) =>
    Object.fromEntries(endings.map((ending) => [`@opentelemetry/instrumentation-${ending}`, "*"]));

  beforeAll(() => {
    mkdirSync(join(app, "dist"), { recursive: true });
    for (const ending of ["pg", "http", "express", "fs", "redis", "koa"]) {
      const folder = join(root, "node_modules/@opentelemetry", `instrumentation-${ending}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), "{}");
      writeFileSync(join(folder, "index.js"), "");
    }
    writeFileSync(join(root, "package.json"), JSON.stringify({ dependencies: named("redis") }));
    writeFileSync(
      join(app, "package.json"),
      JSON.stringify({ dependencies: { ...named("pg", "http", "express", "fs", "absent"), pg: "*" } }),
    );
    writeFileSync(join(app, "dist/package.json"), JSON.stringify({ type: "commonjs" }));
  });
  const endings = (environment: Record<string, string> = {}) =>
    installedPackages(join(app, "dist"), environment).map(({ name }) =>
      name.replace("@opentelemetry/instrumentation-", ""),
    );

  it("are those that the package.json files above name and that are there; not what we do ourselves, nor what came along", () => {
    expect(endings()).toEqual(["pg", "redis"]);
  });

  it("follow upstream's lists", () => {
    expect(endings({ OTEL_NODE_DISABLED_INSTRUMENTATIONS: " redis , x" })).toEqual(["pg"]);
    expect(endings({ OTEL_NODE_ENABLED_INSTRUMENTATIONS: "fs,redis,http" })).toEqual(["fs", "redis"]);
    expect(endings({ OTEL_NODE_ENABLED_INSTRUMENTATIONS: "pg", OTEL_NODE_DISABLED_INSTRUMENTATIONS: "pg" })).toEqual(
      [],
    );
  });

  it("are none in a folder that is not there", () => {
    expect(installedPackages(join(freshFolder(), "gone"), {})).toEqual([]);
  });

  it.each([
    ["a.mjs", "", "", true],
    ["a.mts", "", "", true],
    ["a.cjs", "import 'x'", "module", false],
    ["a.js", "", "module", true],
    ["a.js", "import 'x'", "commonjs", false],
    ["a.js", "// text\nimport x from 'x';", "", true],
    ["a.js", "export const a = 1;", "", true],
    ["a.js", "import('x')", "", false],
    ["a.js", "const x = require('x');", "", false],
  ])("%s with %j and type %j is an ES module: %s", (name, source, type, expected) => {
    const folder = freshFolder();
    writeFileSync(join(folder, "package.json"), JSON.stringify(type === "" ? {} : { type }));
    writeFileSync(join(folder, name), source);
    expect(isEsModule(join(folder, name))).toBe(expected);
  });
});
