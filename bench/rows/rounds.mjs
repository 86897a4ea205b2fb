// Rounds of a piece of work in one process: the first is cold, the last warm, and one more times every call.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Seconds of CPU of the calling thread, where the system tells (Linux); else of the process. */
export function threadCpu() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return processCpu();
  }
}

export function processCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Clocks of one round: until the last call has returned, and until the file is closed. */
class Watch {
  #wall = performance.now();
  #cpu = processCpu();
  #mine = threadCpu();
  #called = {};

  callsDone() {
    this.#called = { callWall: (performance.now() - this.#wall) / 1e3, callCpu: threadCpu() - this.#mine };
  }

  read(folder) {
    const seconds = { wall: (performance.now() - this.#wall) / 1e3, cpu: processCpu() - this.#cpu };
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    return { ...this.#called, ...seconds, bytes };
  }
}

/** Nanoseconds of every call, where somebody wants to know. */
export class Calls {
  static none = { time: (call) => call() };
  #millis = [];

  time(call) {
    const begun = performance.now();
    const result = call();
    this.#millis.push(performance.now() - begun);
    return result;
  }

  get percentiles() {
    const sorted = Float64Array.from(this.#millis).sort();
    const at = (part) => Math.round((sorted[Math.floor(part * (sorted.length - 1))] ?? 0) * 1e6);
    return { p50: at(0.5), p999: at(0.999), max: at(1) };
  }
}

/**
 * Not with TIMED=0: then only the rounds.
 *
 * @param round does all of the work: `(folder, calls, watch, no)`; tells `watch` when the last call has returned, and resolves when
 * all files in the folder are closed. Files of the last round stay.
 */
export async function runRounds({ kind, folder, rounds }, round) {
  const results = [];
  const one = async (no, calls) => {
    // ext4 passes over the inode of each file that has ended within five seconds: a thousand of them would be what is measured
    if (no > 0 && kind !== "recordings") rmSync(join(folder, String(no - 1)), { recursive: true });
    const own = join(folder, String(no));
    mkdirSync(own, { recursive: true });
    const watch = new Watch();
    await round(own, calls, watch, no);
    return watch.read(own);
  };
  for (let no = 0; no < rounds; no++) results.push(await one(no, Calls.none));
  const calls = new Calls();
  if (process.env.TIMED !== "0") await one(rounds, calls);
  console.log(JSON.stringify({ cold: results[0], warm: results.at(-1), calls: calls.percentiles }));
}
