import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permitted } from "./oracle.ts";

/** A file system in memory that is full at so many KiB. Mounting it takes root. */
export class Tmpfs {
  readonly path = mkdtempSync(join(tmpdir(), "otel-rerun-disk-"));
  /** Why it could not be mounted. */
  readonly error: string | undefined;

  constructor(kibibytes: number) {
    const { status, stderr, error } = spawnSync(
      "mount",
      ["-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", this.path],
      {
        encoding: "utf8",
      },
    );
    if (status !== 0) this.error = error?.message ?? stderr.trim();
  }

  unmount(): void {
    if (this.error === undefined) spawnSync("umount", [this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}

function reason(): string | undefined {
  const probe = new Tmpfs(4);
  probe.unmount();
  return probe.error;
}

/** A `describe` that runs where a file system of its own may be mounted. */
export const describeWithTmpfs = permitted("the right to mount a file system", reason());
