import { beforeEach, expect, it, vi } from "vitest";
import { type RunEnd, sayEnd } from "../../../instrumentation/notices.ts";

const { lines } = vi.hoisted(() => ({ lines: [] as string[] }));
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  writeSync: (_: number, line: string) => lines.push(line),
}));
beforeEach(() => void lines.splice(0));

const END: RunEnd = {
  activity: { active: 0, requests: 3, failed: 0, withoutRoute: 0 },
  segments: [{ path: "run.rrd", bytes: 1000 }],
  isCut: false,
  dropped: 0,
  ofRequests: undefined,
};

it.each([
  [3, 0, false],
  [3, 1, false], // a path that no route matches
  [3, 3, true],
  [0, 0, false],
])("of %d requests %d had no route: says so, of whatever framework: %s", (requests, withoutRoute, isSaid) => {
  sayEnd({ ...END, activity: { ...END.activity, requests, withoutRoute } });
  expect(lines.filter((line) => line.includes("no request had a route"))).toHaveLength(isSaid ? 1 : 0);
  expect(lines.join("")).not.toContain("no Express router");
});
