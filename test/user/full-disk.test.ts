import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import type { openRrd as OpenRrd } from "../../src/reader.ts";
import { expectVerified, hasOracle } from "../oracle.ts";
import { describeWithTmpfs, Tmpfs } from "../tmpfs.ts";
import { freshFolder, node, recordingsIn } from "./run.ts";

const { plain } = inject("consumers");
const { openRrd } = createRequire(join(plain, "package.json"))("otel-rerun/reader") as { openRrd: typeof OpenRrd };

/** The row that says what was lost. */
const SUMMARY = 1;

const CELLS = ["thread", "inline"].flatMap((writer) =>
  [true, false].flatMap((journal) => ["exit", "shutdown"].map((end) => ({ writer, journal, end }))),
);

/** What can be read from all files together: numbers of the rows, each once, and how many static ones there are. */
async function read(paths: readonly string[]): Promise<{ readonly rows: number[]; readonly statics: number }> {
  const rows: number[] = [];
  const statics = new Set<string>(); // each segment begins with them
  for (const path of paths) {
    for await (const { isStatic, numRows, rowIds, components } of (await openRrd(path)).chunks()) {
      for (let row = 0; row < numRows; row++) {
        if (isStatic) statics.add(Buffer.from(rowIds.subarray(16 * row, 16 * row + 16)).toString("hex"));
        else rows.push(Number.parseInt(String([components[0]?.get(row)].flat()[0]), 10));
      }
    }
  }
  expect(new Set(rows).size).toBe(rows.length);
  return { rows: rows.sort((a, b) => a - b), statics: statics.size };
}

describeWithTmpfs("a disk that is full", () => {
  it.each(CELLS)(
    "$writer, journal: $journal, $end: the app goes on and ends, files are valid, each row is there or counted (I1, I2, I3)",
    async ({ writer, journal, end }) => {
      const disk = new Tmpfs(256);
      try {
        const env = { DISK: disk.path, JOURNAL: String(journal), END: end, OTEL_RERUN_WRITER: writer };
        const { status, stdout, stderr } = await node(plain, ["apps/full-disk.cjs"], env, 30_000);
        expect(status, stderr).toBe(end === "exit" ? 3 : 0);
        const { before, rows, lost, stats } = JSON.parse(stdout);
        expect(lost).toBeGreaterThan(0); // it was full
        const [, told = "0"] = /(\d+) rows of the recording \S+ are lost: \{"sink":\d+\}/.exec(stderr) ?? [];
        expect(Number(told), stderr).toBeGreaterThanOrEqual(lost);
        const paths = recordingsIn(disk.path);
        const found = await read(paths);
        expect(found.rows.length + found.statics + Number(told)).toBe(rows + SUMMARY);
        expect(found.rows.slice(0, before)).toEqual(Array.from({ length: before }, (_, row) => row));
        if (end === "shutdown") {
          expect(stats).toMatchObject({ rowsAccepted: rows + SUMMARY, rowsDropped: { sink: Number(told) } });
          expect(stats.rowsWritten + stats.rowsDropped.sink).toBe(stats.rowsAccepted);
          expect(paths).toContain(join(disk.path, "run.2.rrd")); // it went on when there was room again
        }
        const folder = freshFolder();
        for (const path of paths) {
          const whole = join(folder, `${paths.indexOf(path)}.rrd`);
          const recovery = await node(plain, ["node_modules/otel-rerun/dist/cli.cjs", "recover", path, "-o", whole]);
          expect(recovery.status, recovery.stderr).toBe(0);
        }
        const wholes = readdirSync(folder).map((name) => join(folder, name));
        expect(wholes).toHaveLength(paths.length);
        expect(await read(wholes)).toEqual(found);
        if (hasOracle) expectVerified(...wholes);
      } finally {
        disk.unmount();
      }
    },
  );
});
