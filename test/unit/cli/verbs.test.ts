import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { COMMANDS } from "../../../src/cli/run-command.ts";
import { openRrd } from "../../../src/reader.ts";
import { describeWithOracle, expectVerified } from "../../oracle.ts";
import { golden } from "../reader/streams.ts";
import { commandLine } from "./console.ts";
import { cart, recordedRun } from "./recorded-run.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-rerun-cli-"));
const file = join(folder, "run.rrd");
const slower = join(folder, "slower.rrd");
const run = commandLine();

beforeAll(() => {
  const carts = [cart(1), cart(2, { fails: false }), cart(3, { fails: false, slow: 50n })];
  writeFileSync(
    file,
    recordedRun(
      carts.flatMap(({ spans }) => spans),
      carts.flatMap(({ logs }) => logs),
    ),
  );
  writeFileSync(slower, recordedRun([4, 5].flatMap((no) => cart(no, { slow: 10n }).spans)));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("print", () => {
  it("lists chunks, below the store they are of", async () => {
    const { exitCode, out } = await run("print", file);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\S+ · \S+$/m);
    expect(out).toMatch(/^ {2}\/spans {2}12 rows {2}.*log_time.* trace_id/m);
  });

  it("shows what was recorded, and layouts only when asked, behind it", async () => {
    const withLayout = golden("blueprint_embedded.rrd");
    const [both, alone] = [join(folder, "both.rrd"), join(folder, "layout.rbl")];
    writeFileSync(both, withLayout);
    writeFileSync(alone, golden("blueprint_layout.rbl"));
    const kinds = async (...args: string[]) => {
      const { out } = await run("print", ...args, "--json");
      return out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).kind as string);
    };
    expect(new Set((await openRrd(both)).recordings().map(({ kind }) => kind)).size).toBe(2);
    expect(new Set(await kinds(both))).toEqual(new Set(["recording"]));
    expect(await kinds(both, "--rows", "--limit", "1")).toEqual(["recording"]);
    const all = await kinds(both, "--blueprints");
    expect(all.indexOf("blueprint")).toBe(all.lastIndexOf("recording") + 1);
    expect(all.filter((kind) => kind === "recording")).toEqual(await kinds(both));
    expect(new Set(await kinds(alone))).toEqual(new Set(["blueprint"]));
  });

  it("draws traces as trees, each span with its duration, what failed marked", async () => {
    const { out } = await run("print", file, "--trace", "ca1");
    const lines = out.split("\n").map((line) => line.trimEnd());
    expect(lines[0]).toBe(`trace ${cart(1).traceId}`);
    expect(
      lines.slice(1, 5).map((line) =>
        line
          .replace(/█+/, "")
          .replace(/(?<=\S) {2,}/g, "  ")
          .trimEnd(),
      ),
    ).toEqual([
      "GET /cart  40.0 ms  502 shop",
      "├─ read cart  10.0 ms",
      "└─ GET  20.0 ms",
      "   └─ GET /stock ✖  15.0 ms  stock TypeError: no <stock>",
    ]);
    expect(lines).toContain("1 trace");
  });

  it("keeps to the width of the terminal, without bars in a narrow one, and to NO_COLOR", async () => {
    const widths = async (columns: number, environment: Record<string, string>) => {
      vi.stubEnv("COLUMNS", String(columns));
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      const { out } = await run("print", file, "--spans");
      vi.unstubAllEnvs();
      return out;
    };
    const narrow = await widths(50, { NO_COLOR: "1", FORCE_COLOR: "1" });
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(narrow).not.toContain("\u001b");
    expect(narrow).not.toContain("█");
    expect(await widths(120, { NO_COLOR: "", FORCE_COLOR: "1" })).toContain("\u001b[31m");
  });

  it("gives programs a JSON object a line", async () => {
    const { out } = await run("print", file, "--where", "status = error", "--json");
    const traces = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(traces.map(({ traceId }) => traceId)).toEqual([cart(1).traceId]);
    expect(traces[0].spans).toHaveLength(4);
    expect(traces[0].spans[0].resource.attributes).toMatchObject({ "host.name": "box" });
    expect(traces[0].logs[0]).toMatchObject({ body: "looking for <stock>" });
    const rows = (await run("print", file, "--rows", "--entity", "logs/stock", "--json")).out.trim().split("\n");
    expect(JSON.parse(rows[0] as string)).toMatchObject({
      entityPath: "/logs/stock",
      values: { "TextLog:text": ["looking for <stock>"], "TextLog:level": ["WARN"] },
    });
  });

  it("lets no escape sequence of a recording through to the terminal", async () => {
    const evil = join(folder, "evil.rrd");
    const [read] = cart(7).spans;
    writeFileSync(evil, recordedRun([{ ...read!, name: "\u001b[2Jx\u202ey", status: { code: 2, message: "\u0007" } }]));
    const { out } = await run("print", evil, "--spans");
    for (const unwanted of ["\u001b", "\u0007", "\u202e"]) expect(out).not.toContain(unwanted);
    expect(out).toContain("[2Jx");
  });

  it.each([
    [["--limit", "0"], "--limit takes"],
    [["--where", "durtion > 1s"], "column 1"],
    [["--trace", "ffff"], "no trace ffff"],
    [["--spans", "--rows"], "use one or the other"],
  ])("refuses %j", async (args, message) => {
    const { exitCode, err } = await run("print", file, ...args);
    expect([1, 2]).toContain(exitCode);
    expect(err).toContain(message);
  });
});

describe("stats", () => {
  it("counts stores, traces and routes", async () => {
    const { out } = await run("stats", file, "--json");
    const [{ bytes, traces, spans, errors, routes, stores }] = JSON.parse(out);
    expect({ bytes, traces, spans, errors }).toEqual({ bytes: statSync(file).size, traces: 3, spans: 12, errors: 1 });
    expect(routes.find(({ route }: { route: string }) => route === "GET /stock")).toMatchObject({
      count: 3,
      errors: 1,
    });
    const reader = await openRrd(file);
    expect(stores).toHaveLength(reader.recordings().length);
    let rows = 0;
    for await (const chunk of reader.chunks()) rows += chunk.numRows;
    expect(stores.reduce((sum: number, store: { rows: number }) => sum + store.rows, 0)).toBe(rows);
  });

  it("counts what servers answered as requests, and calls of the same name apart, as the summary in the file does", async () => {
    const [, , , root] = cart(8, { fails: true }).spans;
    const call = (no: number) => ({
      ...root!,
      spanId: `c${no}`.padStart(16, "0"),
      traceId: `c${no}`.padEnd(32, "0"),
      kind: 2 as const,
    });
    const answered = { ...root!, status: { code: 2 as const } };
    const calling = join(folder, "calling.rrd");
    writeFileSync(calling, recordedRun([answered, call(1), { ...call(2), status: { code: 2 as const } }, call(3)]));
    const { out } = await run("stats", calling);
    expect(out).toContain("4 traces, 4 spans, 2 failed\n1 request, 1 failed\n");
    expect(out).toMatch(/^route .*\nGET \/cart +1 .* 1$\s+^call outside of requests .*\nGET \/cart +3 .* 1$/m);
    const [{ routes }] = JSON.parse((await run("stats", calling, "--json")).out);
    expect(routes.map(({ route, kind, count }: Record<string, unknown>) => [route, kind, count])).toEqual([
      ["GET /cart", "client", 3],
      ["GET /cart", "server", 1],
    ]);
    const summaries: unknown[] = [];
    for await (const { components } of (await openRrd(calling)).chunks({ entityPath: "/summary" })) {
      summaries.push(components.find(({ component }) => component === "TextDocument:text")?.get(0)?.[0]);
    }
    expect(summaries.at(-1)).toContain("**1** requests, **1** failed, 4 spans");
    expect(summaries.at(-1)).toMatch(/## Routes\s+\| route .*\s.*\s\| GET \/cart \| 1 /);
    expect(summaries.at(-1)).toMatch(/## Calls outside of requests\s.*\s\| call .*\s.*\s\| GET \/cart \| 3 /);
  });

  it("prints them as tables", async () => {
    expect((await run("stats", file)).out).toMatch(/route +n +p50 +p95 +max +errors\n.*GET \/cart +3/s);
  });
});

describe("filter", () => {
  const output = join(folder, "new/cut.rrd");

  it("cuts the matching traces out, whole and with their waterfalls", async () => {
    const { exitCode, out } = await run("filter", file, "--where", "service = shop and duration > 1s", "-o", output);
    expect([exitCode, out]).toEqual([0, `${output}: 1 trace, 4 spans, 1 waterfall\n`]);
    const { out: printed } = await run("print", output, "--spans", "--json");
    const cut = JSON.parse(printed);
    const original = JSON.parse((await run("print", file, "--trace", "ca3", "--json")).out);
    expect(cut).toEqual(original);
    const stores = (await openRrd(output)).recordings();
    expect(stores).toContainEqual({
      kind: "recording",
      applicationId: expect.stringMatching(/ requests$/),
      recordingId: cart(3).traceId,
    });
  });

  it("makes no file when nothing matches", async () => {
    const none = join(folder, "none.rrd");
    const { exitCode, out } = await run("filter", file, "--where", "duration > 1h", "-o", none);
    expect([exitCode, out, existsSync(none)]).toEqual([0, "no trace matches; nothing was written\n", false]);
  });

  it("does not write over what it reads", async () => {
    expect(await run("filter", file, "--where", "cart", "-o", file)).toMatchObject({ exitCode: 2 });
  });

  describeWithOracle("as the official tools see it", () => {
    it("is a valid file that opens with the same waterfalls as a merged one (I10)", async () => {
      const both = join(folder, "both.rrd");
      const merged = join(folder, "merged.rrd");
      await run("merge", file, "-o", merged);
      await run("filter", file, "--where", "cart", "-o", both);
      expectVerified(both);
      const paths = async (path: string) => {
        const found = new Set<string>();
        for await (const { entityPath } of (await openRrd(path)).chunks({ recordingId: cart(1).traceId }))
          found.add(entityPath);
        return [...found].sort();
      };
      expect(await paths(both)).toEqual(await paths(merged));
      expect(await paths(both)).toContain("/trace/01.02.01-GET_stock");
    });
  });
});

describe("diff", () => {
  it("compares routes, the greatest change first", async () => {
    const { out } = await run("diff", file, slower, "--json");
    const changes = JSON.parse(out);
    expect(changes.map(({ route }: { route: string }) => route).sort()).toEqual(["GET /cart", "GET /stock"]);
    const cartChange = changes.find(({ route }: { route: string }) => route === "GET /cart");
    expect(cartChange).toMatchObject({ before: { count: 3 }, after: { count: 2 } });
    expect(cartChange.after.p50 / cartChange.before.p50).toBeGreaterThan(8);
    // one of three carts took fifty times as long
    expect(cartChange.before.p95).toBeGreaterThan(1000);
    expect(cartChange.after.p95).toBeLessThan(1000);
    expect((await run("diff", file, slower)).out).toMatch(/GET \/cart +3 → 2/);
  });

  it("names what came and what went", async () => {
    const other = join(folder, "other.rrd");
    writeFileSync(other, recordedRun([{ ...cart(1).spans[3]!, name: "GET /new" }]));
    const { out } = await run("diff", slower, other);
    expect(out).toMatch(/GET \/cart .*gone/);
    expect(out).toMatch(/GET \/new .*new/);
  });

  it("wants two", async () => {
    expect(await run("diff", file)).toMatchObject({ exitCode: 2, err: expect.stringContaining("two recordings") });
  });
});

describe("clean", () => {
  it("removes the oldest runs beyond the limit, and says beforehand which", async () => {
    const runs = join(folder, "recordings");
    mkdirSync(runs);
    const names = [1, 2, 3].map((day) => `2026010${day}T000000Z-shop-${day}.rrd`);
    names.forEach((name, i) => {
      const path = join(runs, name);
      writeFileSync(path, readFileSync(file));
      utimesSync(path, 1_700_000_000 + i, 1_700_000_000 + i);
    });
    writeFileSync(join(runs, "mine.rrd"), "");
    const first = join(runs, names[0] as string);
    expect((await run("clean", runs, "--keep", "2", "--dry-run")).out).toContain(first);
    expect(existsSync(first)).toBe(true);
    const { out } = await run("clean", runs, "--keep", "2", "--json");
    expect(JSON.parse(out).removed.map(({ path }: { path: string }) => path)).toEqual([first]);
    expect(
      [first, ...names.slice(1).map((name) => join(runs, name)), join(runs, "mine.rrd")].map((path) =>
        existsSync(path),
      ),
    ).toEqual([false, true, true, true]);
    const size = readFileSync(file).length;
    const kept = await run("clean", runs, "--max-bytes", String(size * 1.5), "--json");
    expect(JSON.parse(kept.out).removed.map(({ path }: { path: string }) => path)).toEqual([
      join(runs, names[1] as string),
    ]);
    expect(existsSync(join(runs, names[2] as string))).toBe(true);
    expect(await run("clean", join(folder, "nowhere"))).toMatchObject({ exitCode: 2 });
  });
});

describe("clean, right after a run", () => {
  it("says that it stays, and why", async () => {
    const runs = join(folder, "fresh");
    mkdirSync(runs);
    writeFileSync(join(runs, "20260101T000000Z-shop-1.rrd"), readFileSync(file));
    const { out } = await run("clean", runs, "--keep", "0");
    expect(out).toMatch(/^removed 0 files, 0 B\n1 run written to within the last minute stay/);
    expect(JSON.parse((await run("clean", runs, "--keep", "0", "--json")).out)).toMatchObject({
      removed: [],
      running: 1,
    });
    expect((await run("clean", runs, "--keep", "1")).out).toBe("removed 0 files, 0 B\n");
  });
});

describe("--json", () => {
  const at = (name: string) => join(folder, "json", name);
  const ONE = { lines: false } as const;
  const LINES = { lines: true } as const;
  /** One document, or an object a line where there is one for each of many; and nothing else on either stream. */
  const VERBS = {
    print: [
      [[file], LINES],
      [[file, "--rows"], LINES],
      [[file, "--spans"], LINES],
    ],
    stats: [[[file, slower], ONE]],
    diff: [[[file, slower], ONE]],
    export: [[[file, "--to", "otlp", "-o", at("a.json")], ONE]],
    filter: [
      [[file, "--where", "cart", "-o", at("a.rrd")], ONE],
      [[file, "--where", "duration > 1h", "-o", at("b.rrd")], ONE],
    ],
    merge: [[[file, slower, "-o", at("c.rrd")], ONE]],
    verify: [[[file, slower], ONE]],
    recover: [[[file, "-o", at("d.rrd")], ONE]],
    clean: [[[folder, "--dry-run"], ONE]],
    convert: [[[at("traces.json"), "-o", at("e.rrd")], ONE]],
  } as const;
  /** They run on: `serve` in serve.test.ts, `view` in view.test.ts, `dump` in black-box.test.ts; what `record` starts has the output for itself. */
  const ELSEWHERE = ["serve", "view", "dump", "record"];

  it("is known of every verb", () => {
    expect([...Object.keys(VERBS), ...ELSEWHERE].sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(VERBS).flatMap(([verb, all]) => all.map(([args, form]) => [verb, args, form] as const)))(
    "%s %j",
    async (verb, args, { lines }) => {
      mkdirSync(join(folder, "json"), { recursive: true });
      writeFileSync(
        at("traces.json"),
        '[{"traceId":"1","id":"2","name":"get","timestamp":1700000000000000,"duration":5}]',
      );
      const { exitCode, out, err } = await run(verb, ...args, "--json");
      expect([exitCode, err]).toEqual([0, ""]);
      expect(out.endsWith("\n")).toBe(true);
      const documents = lines ? out.trimEnd().split("\n") : [out];
      for (const document of documents) expect(Object.keys(JSON.parse(document))).not.toEqual([]);
    },
  );
});
