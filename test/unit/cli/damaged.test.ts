import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openRrd } from "../../../src/reader.ts";
import { verify } from "../../../src/rrd/reader/verify.ts";
import { describeWithOracle, expectVerified, hasOracle } from "../../oracle.ts";
import { all, golden, goldenFiles, uncompressed, written } from "../reader/streams.ts";
import { commandLine } from "./console.ts";
import { cart, recordedRun } from "./recorded-run.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-damaged-"));
const damaged = join(folder, "damaged.rrd");
const run = commandLine();
const small = golden("catalog_text.rrd");
afterAll(() => rmSync(folder, { recursive: true }));

/** `recover`, and what became of the file: `whole` if ours finds no fault in it, else the exit code of the typed error. */
async function recovered(bytes: Uint8Array, output: string): Promise<"whole" | number> {
  writeFileSync(damaged, bytes);
  const { exitCode, err } = await run("recover", damaged, "-o", output);
  if (exitCode !== 0) {
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(
        /^otel-rerun: (this cannot be read|this is no recording|.* is (no recording|empty)|nothing of .* can be recovered)/,
      ),
    ]);
    return exitCode;
  }
  const { problems, indexed, chunks } = await verify(output);
  expect({ problems, indexed }).toEqual({ problems: [], indexed: chunks });
  return "whole";
}

/** Recovered files, judged many at a time by the official tools where they are. */
class Outputs {
  readonly #folder = mkdtempSync(join(folder, "outputs-"));
  #paths: string[] = [];
  #count = 0;

  /** @param isJudged by the official tools too */
  async add(bytes: Uint8Array, isJudged: boolean): Promise<"whole" | number> {
    const output = join(this.#folder, `${++this.#count}.rrd`);
    const result = await recovered(bytes, output);
    if (isJudged && result === "whole") this.#paths.push(output);
    if (this.#paths.length >= 500) this.assertValid();
    return result;
  }

  assertValid(): void {
    const paths = this.#paths.splice(0);
    if (!hasOracle || paths.length === 0) return;
    expectVerified(...paths); // the files stay to be looked at when they are refused
    for (const path of paths) rmSync(path);
  }
}

describe("verify", () => {
  it.each(goldenFiles)("finds nothing in %s of the official SDK", async (name) => {
    expect((await verify(golden(name))).problems).toEqual([]);
  });

  it("names the offset of the first fault, and the exit code is 1", async () => {
    writeFileSync(damaged, small.subarray(0, small.length - 3000));
    const { exitCode, out } = await run("verify", damaged);
    expect(exitCode).toBe(1);
    const offset = Number(/byte (\d+)/.exec(out)?.[1]);
    expect(offset).toBeLessThan(small.length - 3000);
    expect(JSON.parse((await run("verify", damaged, "--json")).out)[0].problems[0].offset).toBe(offset);
  });

  it("holds the footer against the chunks", async () => {
    const { problems, chunks, indexed } = await verify(small);
    expect([problems, indexed]).toEqual([[], chunks]);
    // a second file behind the first: the footer at the end knows nothing of the first one's chunks
    const two = new Uint8Array([...small, ...small]);
    const { problems: faults } = await verify(two);
    expect(faults.some(({ kind, message }) => kind === "index" && message.includes("index"))).toBe(true);
  });

  it("takes a file without a footer, as a killed process leaves it, for whole", async () => {
    const messages = await all((await openRrd(small)).messages());
    const { problems, indexed, chunks } = await verify(written(messages, false));
    expect([problems, indexed]).toEqual([[], undefined]);
    expect(chunks).toBe(messages.filter(({ kind }) => kind === "arrow").length);
  });

  it("says that something is no recording", async () => {
    writeFileSync(damaged, "hello");
    expect(await run("verify", damaged)).toMatchObject({ exitCode: 1, err: expect.stringContaining("otel-rerun: ") });
  });
});

describe("recover", () => {
  // every length there is, with DAMAGES: a few lengths of each message otherwise
  it("makes a whole file of every truncation of a file, or names the fault (I8, I10)", async () => {
    const outputs = new Outputs();
    const results = new Set<unknown>();
    const step = process.env.DAMAGES === undefined ? 41 : 1;
    for (let length = 0; length < small.length; length += length < 200 ? 1 : step) {
      results.add(await outputs.add(small.subarray(0, length), length % 10 === 0 || step === 1));
    }
    expect(results).toEqual(new Set([1, "whole"]));
    outputs.assertValid();
  }, 900_000);

  // all 10,000 of them take minutes: DAMAGES=10000
  it("does so for files with seeded damages (I8, I10)", async () => {
    const outputs = new Outputs();
    const files = [small, await uncompressed(small), golden("blueprint_embedded.rrd"), recordedRun(cart(1).spans)];
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 3 }),
        fc.constantFrom(Uint8Array.of(255, 255, 255, 127), new Uint8Array(40), new Uint8Array(8).fill(255)),
      ),
    });
    const property = fc.asyncProperty(
      fc.nat(files.length - 1), // a file itself would be printed when it fails
      fc.array(damage, { minLength: 1, maxLength: 5 }),
      async (no, damages) => {
        const bytes = (files[no] as Uint8Array).slice();
        for (const { at, bytes: noise } of damages) {
          const start = Math.floor(at * bytes.length);
          bytes.set(noise.subarray(0, bytes.length - start), start);
        }
        await outputs.add(bytes, true);
      },
    );
    await fc.assert(property, { numRuns: Number(process.env.DAMAGES ?? 300), seed: 8 });
    outputs.assertValid();
  }, 900_000);

  it("says what was lost", async () => {
    const last = (await all((await openRrd(small)).messages())).at(-1)!.payload;
    writeFileSync(damaged, small.subarray(0, last.byteOffset + last.length - 1));
    const { out } = await run("recover", damaged, "-o", join(folder, "out.rrd"));
    expect(out).toMatch(/^lost: .*B at byte \d+: the file ends inside of a message/m);
    expect(out).toMatch(/B were lost\n$/);
    const { problems, lostBytes } = JSON.parse(
      (await run("recover", damaged, "-o", join(folder, "out.rrd"), "--json")).out,
    );
    expect(problems).toMatchObject([{ kind: "cut", length: last.length + 15 }]);
    expect(lostBytes).toBe(last.length + 15);
  });

  it("tells an index that was cut from rows that are lost, wherever the cut is", async () => {
    const whole = await all((await openRrd(small)).messages());
    const last = whole.at(-1)!.payload;
    const output = join(folder, "out.rrd");
    // behind the header of the index, within it, before the footer behind it, and within that
    const index = last.byteOffset + last.length;
    for (const length of [index + 16, index + 100, small.length - 32, small.length - 1]) {
      writeFileSync(damaged, small.subarray(0, length));
      const { out } = await run("recover", damaged, "-o", output);
      if (length !== small.length - 32) {
        expect(out).toMatch(
          /^no rows lost at byte \d+: the file ends inside of its (index|footer); the index is made anew$/m,
        );
      }
      expect(out).toMatch(/; nothing was lost\n$/);
      const told = JSON.parse((await run("recover", damaged, "-o", output, "--json")).out);
      expect(told).toMatchObject({ lostBytes: 0, messages: whole.length });
      const { problems, indexed, chunks } = await verify(output);
      expect({ problems, indexed }).toEqual({ problems: [], indexed: chunks });
    }
  });

  it("leaves the damaged file and nothing half-made behind", async () => {
    writeFileSync(damaged, "hello");
    expect(await run("recover", damaged)).toMatchObject({ exitCode: 1 });
    expect(existsSync(join(folder, "damaged.recovered.rrd"))).toBe(false);
    expect(await run("recover", damaged, "-o", damaged)).toMatchObject({ exitCode: 2 });
  });

  describeWithOracle("as the official tools see it", () => {
    it("is a valid file with a footer (I10)", async () => {
      const sources = [small, golden("catalog_plots.rrd"), recordedRun(cart(1).spans)];
      const outputs: string[] = [];
      for (const [no, source] of sources.entries()) {
        for (let part = 1; part < 12; part++) {
          const output = join(folder, `official-${no}-${part}.rrd`);
          const bytes = source.slice(0, Math.floor((source.length * part) / 12));
          if (part % 2 === 0) bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 16);
          if ((await recovered(bytes, output)) === "whole") outputs.push(output);
        }
      }
      expect(outputs.length).toBeGreaterThan(18);
      expectVerified(...outputs);
    });
  });
});
