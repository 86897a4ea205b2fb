import { beforeEach, expect, it, vi } from "vitest";
import { type RunEnd, sayEnd } from "../../../instrumentation/run/notices.ts";

const { lines } = vi.hoisted(() => ({ lines: [] as string[] }));
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  writeSync: (_: number, line: string) => lines.push(line),
}));
beforeEach(() => void lines.splice(0));

const END: RunEnd = {
  activity: { active: 0, requests: 3, failed: 0, withoutRoute: 0 },
  segments: [{ path: "run.rrd", bytes: 1000 }],
  others: [],
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

it("names the files of children and threads, and how they become one", () => {
  sayEnd(END);
  expect(lines.join("")).not.toContain("merge");
  sayEnd({ ...END, others: ["run.12-0123abcd.rrd"] });
  expect(lines.join("")).toContain("one more file of children or threads");
  expect(lines.join("")).toContain("npx otel-rerun merge run.rrd run.12-0123abcd.rrd -o merged.rrd\n");
});
