// A folder in memory. A thousand files elsewhere measure the disk of the machine, and how many have ended on it lately.
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SHARED_MEMORY = "/dev/shm";
let folder;

/** The same for the whole process: what the system has, or one that root may mount; else the usual one for temporary files. */
export function memoryFolder() {
  folder ??= isWritable(SHARED_MEMORY) ? SHARED_MEMORY : (mounted() ?? tmpdir());
  return folder;
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Until the process exits; undefined where that is not permitted. */
function mounted() {
  const path = mkdtempSync(join(tmpdir(), "otel-rerun-memory-"));
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "tmpfs", path]).status === 0;
  const remove = () => rmSync(path, { recursive: true, force: true });
  if (!isMounted) {
    remove();
    return undefined;
  }
  process.on("exit", () => {
    if (spawnSync("umount", [path]).status === 0) remove();
  });
  return path;
}
