import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openRrd, RerunError, recover } from "../../../src/reader.ts";
import { decodeChunk } from "../../../src/rrd/reader/rrd-chunk.ts";
import { all, golden, goldenFiles, rows, rowsOf, uncompressed, written } from "./streams.ts";

const store = { kind: "recording", applicationId: "a", recordingId: "r" } as const;

/** One changed byte, or a run of bytes replaced: lengths and offsets are what hurts. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 1 }),
    fc.constantFrom(
      Uint8Array.of(255, 255, 255, 127),
      Uint8Array.of(255, 255, 255, 255),
      Uint8Array.of(0, 0, 0, 128),
      new Uint8Array(8),
      Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127),
    ),
  ),
});

function changed(original: Uint8Array, changes: readonly { at: number; bytes: Uint8Array }[]): Uint8Array {
  const copy = original.slice();
  for (const { at, bytes } of changes) {
    const start = Math.floor(at * original.length);
    copy.set(bytes.subarray(0, original.length - start), start);
  }
  return copy;
}

/** Rows, or our error that names a place (I8). */
async function endsWell(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof RerunError) || error.code !== "ERR_RERUN_FORMAT") throw error;
  }
}

describe("any bytes end in rows or in ERR_RERUN_FORMAT (I8)", () => {
  it("files with changed bytes", async () => {
    const files = ["catalog_text.rrd", "api_any_values.rrd", "blueprint_embedded.rrd"].map(golden);
    files.push(...(await Promise.all(files.map(uncompressed))));
    const property = fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (file, changes) => {
        const bytes = changed(file, changes);
        await endsWell(async () => rows(await openRrd(bytes)));
        await endsWell(() => recover(bytes));
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });

  it("Arrow data with changed bytes, of every datatype there is", async () => {
    const chunks = (
      await Promise.all(goldenFiles.map(async (name) => all((await openRrd(golden(name))).chunks())))
    ).flat();
    const property = fc.asyncProperty(
      fc.constantFrom(...chunks.map((chunk) => chunk.ipc())),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (ipc, changes) => {
        const bytes = changed(ipc, changes);
        let chunk: ReturnType<typeof decodeChunk>;
        try {
          chunk = decodeChunk(store, bytes);
        } catch {
          return; // whatever it is, `StoredChunk` makes it ours
        }
        expect(chunk.numRows).toBeLessThanOrEqual(bytes.length * 8);
        rowsOf(chunk);
      },
    );
    await fc.assert(property, { numRuns: 4000 });
  });

  it("noise", async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
      await endsWell(async () => rows(await openRrd(noise)));
      const behindHeader = new Uint8Array([...golden("catalog_text.rrd").subarray(0, 12), ...noise]);
      await endsWell(async () => rows(await openRrd(behindHeader)));
    });
    await fc.assert(property, { numRuns: 500 });
  });
});

describe("a file that was cut", () => {
  const file = golden("catalog_plots.rrd");

  it("gives every whole message wherever the cut is, and says where it is", async () => {
    const whole = await openRrd(file);
    const expected = await rows(whole);
    const ends = (await all(whole.messages())).map(({ payload }) => payload.byteOffset + payload.length);
    for (let length = 12; length < file.length; length += 37) {
      const reader = await openRrd(file.slice(0, length));
      const read = await rows(reader);
      expect(read).toEqual(expected.slice(0, read.length));
      expect((await all(reader.messages())).length).toBe(ends.filter((end) => end <= length).length);
      const isBetween = ends.includes(length) || length === 12;
      const lastEnd = Math.max(12, ...ends.filter((end) => end <= length));
      expect(reader.truncatedAt).toBe(isBetween ? undefined : lastEnd);
    }
  });

  it("is told apart from one that is whole", async () => {
    expect((await openRrd(file)).truncatedAt).toBeUndefined();
    const { problems } = await recover(file.slice(0, file.length - 40));
    expect(problems).toMatchObject([{ kind: "index", message: expect.stringContaining("ends inside") }]);
  });
});

describe("recover", () => {
  it("returns every whole message, passes over damaged ones and says what was cut", async () => {
    const messages = await all((await openRrd(golden("catalog_plots.rrd"))).messages());
    const file = written(messages, false);
    const stored = await all((await openRrd(file)).messages());
    const victim = stored.find(({ kind }) => kind === "arrow")!;
    const at = victim.payload.byteOffset;
    const damaged = file.slice(0, file.length - 5);
    damaged.fill(0xff, at + 60, at + victim.payload.length - 40);
    await expect(openRrd(damaged).then(rows)).rejects.toThrow(`byte ${at - 16} `);

    const recovery = await recover(damaged);
    expect(recovery.messages).toHaveLength(messages.length - 2);
    expect(recovery.problems).toMatchObject([
      { kind: "damaged", offset: at - 16, length: victim.payload.length + 16 },
      { kind: "cut", offset: stored.at(-1)!.payload.byteOffset - 16 },
    ]);
    const again = await openRrd(written(recovery.messages, true));
    expect(again.problems).toEqual([]);
    expect(await rows(again)).toHaveLength(recovery.messages.filter(({ kind }) => kind === "arrow").length);
  });

  it("finds nothing to say of a file that is whole", async () => {
    expect((await recover(golden("catalog_plots.rrd"))).problems).toEqual([]);
  });
});
