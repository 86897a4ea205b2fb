import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openFile } from "../../../src/sinks/file/open-file.ts";
import { describeWithTmpfs, Tmpfs } from "../../tmpfs.ts";
import { rowsIn } from "../pipeline/journaled.ts";
import { recording } from "../pipeline/recorded.ts";

/** Where it may not be mounted `faulty-files.ts` and `small-disk.ts` stand in for it. */
describeWithTmpfs("a disk that is really full", () => {
  it("the program goes on, the file is valid, the counters add up (I2, I3)", async () => {
    const mounted = new Tmpfs(256);
    const { path: disk } = mounted;
    let now = 0;
    const warnings: string[] = [];
    const run = recording(
      { files: { now: () => now }, onWarning: (text) => warnings.push(text) },
      { batcher: { flushNumRows: 4 } },
    );
    const file = { kind: "file" as const, ...openFile(join(disk, "run.rrd")), writeFooter: true, journal: true };
    run.transport.requestSync({ type: "set-sinks", recording: 1, sinks: [file] });
    writeFileSync(join(disk, "ballast"), new Uint8Array(64 << 10));
    let frame = 0;
    const log = (rows: number): void => {
      for (let row = 0; row < rows; row++) {
        run.log(`/${frame % 5}`, frame);
        frame += 1;
        now += 20;
        run.clock.advance(20);
      }
    };
    log(2000);
    expect(run.stats().rowsDropped.sink).toBeGreaterThan(0);
    unlinkSync(join(disk, "ballast"));
    log(200);
    run.transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
    const found = new Set<number>();
    for (const name of readdirSync(disk).filter((entry) => entry.endsWith(".rrd"))) {
      for (const [, seen] of await rowsIn(join(disk, name))) found.add(seen);
    }
    const { rowsAccepted, rowsWritten, rowsDropped } = run.stats();
    const summary = 1; // the row that says what was lost
    expect(rowsAccepted).toBe(frame + summary);
    expect(rowsWritten + (rowsDropped.sink ?? 0)).toBe(rowsAccepted);
    expect([rowsWritten - summary, rowsWritten]).toContain(found.size);
    expect(found.has(frame - 1)).toBe(true);
    expect(readFileSync(join(disk, "run.rrd")).length).toBeGreaterThan(100_000);
    mounted.unmount();
  });
});
