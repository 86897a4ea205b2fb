import { spawnSync } from "node:child_process";
import { afterEach, expect, it, vi } from "vitest";
import { fromPs, isUnderNodemon } from "../../../instrumentation/run/nodemon.ts";

afterEach(() => vi.unstubAllEnvs());

/** The parent's command first. */
const family = (...commands: string[]) => {
  const pids = commands.map((_, at) => (at === 0 ? process.ppid : 1000 + at));
  return (pid: number) => {
    const at = pids.indexOf(pid);
    return at < 0 ? undefined : { parent: pids[at + 1] ?? 1, command: (commands[at] ?? "").split(" ") };
  };
};

it.each([
  ["node /app/node_modules/.bin/nodemon app.js"],
  ["sh -c node", "node /app/node_modules/nodemon/bin/nodemon.js"],
  ["sh -c node", "sh -c nodemon", "npm start", "nodemon app.js"],
])("nodemon above: %s %s", (...commands) => {
  expect(isUnderNodemon(family(...commands))).toBe(true);
});

it.each([["bash"], ["node /home/nodemon/server.js"], ["sh", "sh", "sh", "sh", "nodemon"], []])(
  "no nodemon near above: %s",
  (...commands) => {
    expect(isUnderNodemon(family(...commands))).toBe(false);
  },
);

it("a script of package.json names it", () => {
  vi.stubEnv("npm_lifecycle_script", "nodemon -r otel-rerun/register app.js");
  expect(isUnderNodemon(() => undefined)).toBe(true);
});

it.skipIf(spawnSync("ps").error !== undefined)("this process by ps, for systems without /proc", () => {
  const { parent, command } = fromPs(process.pid);
  expect(parent).toBe(process.ppid);
  expect(command.join(" ")).toContain("node");
});
