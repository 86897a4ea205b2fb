import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { type Findings, findings } from "./cases.ts";

const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i);

describe("where recordings go", () => {
  let run: Findings;
  const found = (name: string) => run.found[name];
  beforeAll(async () => {
    run = await findings(inject("consumers").plain, "sinks");
  });

  it("C19 every sink of a tee gets every later message; the same place twice is refused, and nothing is opened", () => {
    expect(found("tee")).toEqual({ first: upTo(20), callback: upTo(20), added: upTo(20, 10) });
    expect(found("duplicates")).toEqual(["ERR_RERUN_ARGUMENT", "ERR_RERUN_ARGUMENT"]);
    expect(found("sameExists")).toBe(false);
  });

  it("C19 a sink that was added is removed by its handle, complete; a flush names every sink", () => {
    expect(found("removed")).toEqual(upTo(17, 15));
    expect(found("flushed")).toEqual(Array(3).fill({ status: "delivered", lostRows: 0 }));
  });

  it("C20 the pieces of a binary stream are streams of their own, and one behind the other the whole", () => {
    expect(found("pieces")).toEqual([upTo(5), upTo(10, 5), upTo(15, 10), upTo(20, 15)]);
    expect(found("whole")).toEqual(upTo(20));
  });

  it("C32 sinks that fail neither delay nor fail the others, and it is told once", () => {
    expect(found("besideFailing")).toEqual({ file: upTo(20), callback: upTo(20) });
    expect(found("told")).toBe(1);
    expect(found("perSink")).toEqual(["delivered", "delivered", "delivered", "failed"]);
  });
});

it("no id of the list C01 to C35 is without a test through the package", () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
  const titles = names.flatMap(
    (name) => readFileSync(join(folder, name), "utf8").match(/^\s*(it|describe)\b.*|^\s+"[^"]*C\d\d.*/gm) ?? [],
  );
  const ids = new Set(titles.flatMap((title) => title.match(/\bC\d\d\b/g) ?? []));
  expect(
    upTo(36, 1)
      .map((no) => `C${String(no).padStart(2, "0")}`)
      .filter((id) => !ids.has(id)),
  ).toEqual([]);
});
