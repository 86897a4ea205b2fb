import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openFile } from "../../../src/sinks/open-file.ts";
import { gate } from "../../oracle.ts";
import { rowsIn } from "../pipeline/journaled.ts";
import { recording } from "../pipeline/recorded.ts";

const DISK = "256k";

const disk = mkdtempSync(join(tmpdir(), "otel-rerun-disk-"));
const mount = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", disk], { encoding: "utf8" });
const noMount = mount.status === 0 ? undefined : (mount.error?.message ?? mount.stderr.trim());
afterAll(() => {
  if (noMount === undefined) spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Elsewhere `faulty-files.ts` stands in for it. */
gate("the right to mount a file system", noMount)("a disk that is really full", () => {
  it("the program goes on, the file is valid, the counters add up (I2, I3)", async () => {
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
  });
});
