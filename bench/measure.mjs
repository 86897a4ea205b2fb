// Small measuring tools of the benchmarks: medians, ratios, child programs that print one JSON line.
import { spawn } from "node:child_process";

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a program that prints one JSON line last, and returns it. */
export function program(command, args, { cwd, env = {}, timeout = 180_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
      timeout,
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0
        ? resolve(JSON.parse(text.trim().split("\n").at(-1)))
        : reject(new Error(`${command} ${args.join(" ")} ended with ${status}`)),
    );
  });
}

/** Wall and CPU (all threads) since the call, in seconds. */
export function stopwatch() {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wall: (performance.now() - wall) / 1e3, cpu: (user + system) / 1e6 };
  };
}

/** A Markdown table from rows of cells. */
export function table(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

export const us = (seconds) => (seconds * 1e6).toFixed(seconds * 1e6 < 10 ? 2 : 1);
export const ratio = (a, b) => `${(a / b).toFixed(2)}×`;
