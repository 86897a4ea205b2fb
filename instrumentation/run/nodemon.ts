import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { processStat } from "../../src/sinks/file/process-stat.ts";

/** nodemon, a shell that it starts, and what an npm script puts in between. */
const GENERATIONS = 4;

interface Process {
  readonly parent: number;
  readonly command: readonly string[];
}

/** nodemon restarts its program with SIGUSR2: a listener of ours would keep the old one alive. */
export function isUnderNodemon(processOf = readProcess): boolean {
  if (/\bnodemon\b/.test(process.env.npm_lifecycle_script ?? "")) return true;
  let pid = process.ppid;
  for (let generation = 0; generation < GENERATIONS && pid > 1; generation++) {
    const above = processOf(pid);
    if (above === undefined) return false;
    if (above.command.some((word) => /(?:^|[\\/])nodemon(?:\.js)?$/.test(word))) return true;
    pid = above.parent;
  }
  return false;
}

function readProcess(pid: number): Process | undefined {
  try {
    return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined; // it has ended, or the system has neither
  }
}

function fromProc(pid: number): Process {
  const { parent } = processStat(pid);
  return { parent, command: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") };
}

export function fromPs(pid: number): Process {
  const line = execFileSync("ps", ["-o", "ppid=,command=", "-p", String(pid)], { encoding: "utf8", timeout: 1000 });
  const [parent, ...command] = line.trim().split(/\s+/);
  return { parent: Number(parent), command };
}
