import { readFileSync } from "node:fs";

/** What Linux tells of a process. */
export interface ProcessStat {
  readonly parent: number;
  /** In ticks since the boot of the machine. */
  readonly start: string;
}

/** @throws as `node:fs`: the process has ended, or the system has no such files. */
export function processStat(pid: number): ProcessStat {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // `pid (name) state parent …`, and the name may hold anything
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), start: fields[19] ?? "" };
}
