import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLine } from "./console.ts";
import { cart, recordedRun } from "./recorded-run.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-export-"));
const file = join(folder, "run.rrd");
const run = commandLine();
const carts = [1, 2].map((no) => cart(no, { fails: no === 1 }));

beforeAll(() => {
  writeFileSync(
    file,
    recordedRun(
      carts.flatMap(({ spans }) => spans),
      carts.flatMap(({ logs }) => logs),
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function exported(to: string, ...args: string[]): Promise<string> {
  const { exitCode, out } = await run("export", file, "--to", to, ...args);
  expect(exitCode).toBe(0);
  return out;
}

describe("OTLP JSON", () => {
  it("holds every span with its service, ids as hex, 64-bit numbers as text", async () => {
    const { resourceSpans } = JSON.parse(await exported("otlp"));
    expect(resourceSpans).toHaveLength(2);
    const attributes = resourceSpans[0].resource.attributes;
    expect(attributes).toContainEqual({ key: "service.name", value: { stringValue: "shop" } });
    expect(attributes).toContainEqual({ key: "host.name", value: { stringValue: "box" } });
    const spans = resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: object[] }[] }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    );
    expect(spans).toHaveLength(8);
    const root = carts[0]!.spans[3]!;
    expect(spans).toContainEqual({
      traceId: root.traceId,
      spanId: root.spanId,
      name: "GET /cart",
      kind: 2,
      startTimeUnixNano: String(root.startTime),
      endTimeUnixNano: String(root.endTime),
      attributes: [
        { key: "http.route", value: { stringValue: "/cart" } },
        { key: "http.response.status_code", value: { intValue: "502" } },
        { key: "user.id", value: { stringValue: "<b>7</b>" } },
      ],
      status: {},
    });
    expect(spans).toContainEqual(
      expect.objectContaining({
        name: "GET /stock",
        status: { code: 2, message: "no <stock>" },
        events: [expect.objectContaining({ name: "exception" })],
      }),
    );
  });
});

describe("Chrome's trace format", () => {
  it("has a slice a span; slices of one thread lie inside of each other or apart", async () => {
    const { traceEvents } = JSON.parse(await exported("chrome-trace", "--where", "cart"));
    const slices = traceEvents.filter(({ ph }: { ph: string }) => ph === "X");
    expect(slices).toHaveLength(8);
    expect(slices.find(({ name }: { name: string }) => name === "read cart")).toMatchObject({ ts: 2000, dur: 10_000 });
    for (const a of slices) {
      for (const b of slices) {
        if (a === b || a.pid !== b.pid || a.tid !== b.tid) continue;
        const [endA, endB] = [a.ts + a.dur, b.ts + b.dur];
        const isApart = endA <= b.ts || endB <= a.ts;
        const isInside = (a.ts <= b.ts && endA >= endB) || (b.ts <= a.ts && endB >= endA);
        expect(isApart || isInside).toBe(true);
      }
    }
    const names = traceEvents
      .filter(({ ph }: { ph: string }) => ph === "M")
      .map(({ args }: { args: { name: string } }) => args.name);
    expect(names.sort()).toEqual(["shop", "stock"]);
  });
});

describe("Markdown", () => {
  it("has the tree, what failed with its stack, and the logs; names are no markup", async () => {
    const text = await exported("md", "--trace", "ca1");
    expect(text).toMatch(/^# GET \/cart\n/);
    expect(text).toContain("└─ GET /stock ✖  15.0 ms  at 16.0 ms  [stock]");
    expect(text).toContain("TypeError: no <stock>\n    at find (stock.js:7:1)");
    expect(text).toContain("WARN  looking for <stock>");
    expect(text).toContain("user.id: \\<b\\>7\\</b\\>");
  });
});

describe("a page", () => {
  it("is written for its owner alone, and said so", async () => {
    const page = join(folder, "page.html");
    const { out } = await run("export", file, "--to", "html", "--trace", "ca1", "-o", page, "--json");
    expect(JSON.parse(out)).toEqual({ output: page, traces: 1, leftOut: 0, bytes: statSync(page).size });
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>/);
    if (process.platform !== "win32") expect(statSync(page).mode & 0o077).toBe(0);
  });

  it("takes ten traces; the exit code says that there were more", async () => {
    const many = join(folder, "many.rrd");
    writeFileSync(
      many,
      recordedRun(Array.from({ length: 12 }, (_, no) => cart(no + 10, { fails: no === 11 }).spans).flat()),
    );
    const { exitCode, out, err } = await run("export", many, "--to", "html", "--where", "cart");
    expect(exitCode).toBe(3);
    expect(err).toContain("2 further traces left out");
    expect(out).toContain(cart(21).traceId);
  });
});

it("answers with what to do when nothing matches or it cannot be written", async () => {
  expect(await run("export", file, "--to", "md", "--where", "nowhere")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("no trace matches nowhere"),
  });
  expect(await run("export", file, "--to", "md", "--where", "cart", "-o", join(folder, "no/such/x.md"))).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("cannot be written"),
  });
});
