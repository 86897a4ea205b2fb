import { readFileSync } from "node:fs";

/** nodemon restarts its program with SIGUSR2: a listener of ours would keep the old one alive. */
export function isUnderNodemon(): boolean {
  return /\bnodemon\b/.test(process.env.npm_lifecycle_script ?? "") || /\bnodemon\b/.test(parentCommand());
}

/** Empty where the system has no /proc. */
function parentCommand(): string {
  try {
    return readFileSync(`/proc/${process.ppid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
