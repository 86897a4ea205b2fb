import { fileURLToPath } from "node:url";
import { Rolldown } from "tsdown";
import { expect, it } from "vitest";

/** Characters of the minified bundle of a program, without what it loads from Node and OpenTelemetry. */
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
  return output.reduce((sum, one) => sum + (one.type === "chunk" ? one.code.length : 0), 0);
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
  expect(writer / whole).toBeLessThan(0.6);
});
