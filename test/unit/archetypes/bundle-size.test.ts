import { fileURLToPath } from "node:url";
import { Rolldown } from "tsdown";
import { expect, it } from "vitest";

/** Characters that a program loads at its start, minified: without what comes from Node and OpenTelemetry, or later if at all. */
async function bundledSize(program: string): Promise<number> {
  const bundle = await Rolldown.rolldown({
    input: "program.ts",
    platform: "node",
    external: [/^node:/, /^@opentelemetry\//],
    logLevel: "silent",
    plugins: [
      {
        name: "program",
        resolveId: (id) => (id === "program.ts" ? "\0program.ts" : undefined),
        load: (id) => (id === "\0program.ts" ? program : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  const chunks = new Map(output.flatMap((one) => (one.type === "chunk" ? [[one.fileName, one]] : [])));
  const loaded = new Set([...chunks.values()].filter(({ isEntry }) => isEntry));
  for (const { imports } of loaded) for (const name of imports) if (chunks.has(name)) loaded.add(chunks.get(name)!);
  return [...loaded].reduce((sum, { code }) => sum + code.length, 0);
}

const source = (path: string): string =>
  JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));

it("a bundle that logs one Scalars has little of the other archetypes in it", async () => {
  const archetypes = source("archetypes/index.ts");
  const one = await bundledSize(`import { Scalars } from ${archetypes}; console.log(new Scalars(1));`);
  const all = await bundledSize(`export * from ${archetypes};`);
  const writer = await bundledSize(
    `import { RecordingStream, Scalars } from ${source("index.ts")}; new RecordingStream("one").log("x", new Scalars(1));`,
  );
  const whole = await bundledSize(`export * from ${source("index.ts")};`);
  console.info(
    `bundled and minified: Scalars ${one} of ${all} B for all archetypes; with a recording ${writer} of ${whole} B`,
  );
  expect(one / all).toBeLessThan(0.05);
  // a recording has all sinks and hooks in it; what they load only when they are used does not count
  expect(writer / whole).toBeLessThan(0.75);
});
