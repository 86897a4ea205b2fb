import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { valuesIn } from "./read.ts";
import { freshFolder, node } from "./run.ts";
import { snippets } from "./snippets.ts";

const { sdk2 } = inject("consumers");

describe("docs/situations/cls-hooked.md", () => {
  const [resolver = "", manager = ""] = snippets("situations/cls-hooked.md", "js");
  const addTraffic = `
await new Promise((resolve) => server.once("listening", resolve));
const { port } = server.address();
await Promise.all(Array.from({ length: 100 }, async (_, n) => {
  const headers = n % 3 === 2 ? {} : { "x-tenant": n % 3 === 0 ? "red" : "blue" };
  await fetch("http://127.0.0.1:" + port + "/price/" + n, { headers });
}));
server.close();
`;

  it.each([
    ["under register", ["--import", "otel-rerun/register"]],
    ["without", []],
  ])("each tenant's rows and spans are in its recording, %s", async (_how, args) => {
    const folder = freshFolder();
    const program = join(sdk2, `resolver-${args.length}.mjs`);
    writeFileSync(program, resolver.replace(/\$\{tenant\}\.rrd/, `${folder}/$&`) + addTraffic);
    const run = await node(sdk2, [...args, program], { PORT: "0", OTEL_RERUN_FILE: join(folder, "run.rrd") });
    expect(run.status, run.stderr).toBe(0);
    for (const [at, tenant] of ["red", "blue"].entries()) {
      const prices = await valuesIn(join(folder, `${tenant}.rrd`), "/price", "Scalars:scalars");
      const expected = Array.from({ length: 100 }, (_, n) => n).filter((n) => n % 3 === at);
      expect(prices.sort((a, b) => Number(a) - Number(b))).toEqual(expected.map((n) => n * 2));
      const names = await valuesIn(join(folder, `${tenant}.rrd`), "/spans", "name");
      expect(names.filter((name) => name === "look up")).toHaveLength(expected.length);
    }
    if (args.length > 0) {
      const names = await valuesIn(join(folder, "run.rrd"), "/spans", "name");
      expect(names.filter((name) => name === "GET /price/:id")).toHaveLength(100);
      expect(names.filter((name) => name === "look up")).toHaveLength(33);
    }
  });

  it("a bound callback's span is a child of the span it was bound in", async () => {
    const file = join(freshFolder(), "worker.rrd");
    const program = join(sdk2, "manager.cjs");
    writeFileSync(program, manager.replace("worker.rrd", file));
    const run = await node(sdk2, [program]);
    expect(run.status, run.stderr).toBe(0);
    const [names, ids, parents] = await Promise.all(
      ["name", "span_id", "parent_span_id"].map((component) => valuesIn(file, "/spans", component)),
    );
    expect(names).toHaveLength(3);
    const parent = parents?.[names?.indexOf("query of job 1") ?? -1];
    expect(names?.[ids?.indexOf(parent) ?? -1]).toBe("job 1");
  });
});
