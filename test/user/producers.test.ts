import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import {
  type DumpedStore,
  describeWithProducers,
  dump,
  expectVerified,
  producerGo,
  producerPython,
  values,
} from "../oracle.ts";
import { freshFolder, recordingsIn } from "./run.ts";
import { serve } from "./served.ts";

const cli = join(inject("consumers").plain, "node_modules/otel-rerun/dist/cli.cjs");
const sources = fileURLToPath(new URL("../producers", import.meta.url));

const TRACES = 300;
const RECORDS = 200;
const SERVICES = [
  ...["sdk2", "sdk3"].flatMap((line) => ["proto", "http", "grpc"].map((protocol) => `${line}-${protocol}`)),
  ...["python", "go"].flatMap((language) => ["http", "grpc"].map((protocol) => `${language}-${protocol}`)),
];
const upTo = (count: number, word: string) => Array.from({ length: count }, (_, i) => `${word}${i}`);
const sorted = (list: readonly unknown[]) => list.map(String).sort();

/** What one service sent is all in the file, each once. */
function expectAll(file: string, service: string): void {
  const store = dump(file).find(({ applicationId }) => applicationId === service) as DumpedStore;
  const own = (component: string) => {
    const services = values(store, "/spans", "service");
    return sorted(values(store, "/spans", component).filter((_, row) => services[row] === service));
  };
  expect(own("name")).toEqual(sorted([...upTo(TRACES, "GET /"), ...upTo(TRACES, "SELECT ")]));
  expect(new Set(own("span_id")).size).toBe(2 * TRACES);
  expect(new Set(own("trace_id")).size).toBe(TRACES);
  expect(sorted(values(store, `/logs/${service.replace("-", "_")}`, "TextLog:text"))).toEqual(
    sorted(upTo(RECORDS, "record ")),
  );
  const points = store.chunks
    .filter(({ entity }) => entity.startsWith("/metrics/orders"))
    .flatMap(({ components }) => (components["Scalars:scalars"] ?? []).flat());
  expect(points.map(Number)).toContain(RECORDS);
}

describeWithProducers("real producers, all at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-rerun-producers-"));
  const npmFolder = (line: string) => join(folder, line);

  beforeAll(() => {
    for (const line of ["sdk2", "sdk3"]) {
      cpSync(join(sources, line), npmFolder(line), { recursive: true });
      cpSync(join(sources, "app"), npmFolder(line), { recursive: true });
      execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: npmFolder(line),
        stdio: ["ignore", "ignore", "inherit"],
      });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const programs: readonly (readonly [line: string, program: string, args: readonly string[]])[] = [
    ["sdk2", process.execPath, [join(npmFolder("sdk2"), "send.mjs")]],
    ["sdk3", process.execPath, [join(npmFolder("sdk3"), "send.mjs")]],
    ["python", producerPython, [join(sources, "python/send.py")]],
    ["go", producerGo, []],
  ];

  function send(http: string, grpc: string, [line, program, args]: (typeof programs)[number]): Promise<string> {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(program, args, {
      env: { PATH, HOME, LINE: line, HTTP: http, GRPC: grpc, TRACES: String(TRACES), RECORDS: String(RECORDS) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
    return new Promise((resolve) =>
      child.once("close", (code) => resolve(`${line} ended with ${code}. ${said}`.trim())),
    );
  }

  it("SDK 2 and 3 of JavaScript, Python and Go over protobuf, JSON and gRPC into one recording for each service: none lost", async () => {
    const output = freshFolder();
    const served = await serve(cli, ["--per", "service", "-o", output], output);
    const ended = await Promise.all(programs.map((program) => send(served.http, served.grpc, program)));
    expect(await served.end(), served.output()).toBe(0);
    expect(ended).toEqual(programs.map(([line]) => `${line} ended with 0.`));

    expect(recordingsIn(output).sort()).toEqual(SERVICES.map((service) => join(output, `${service}.rrd`)).sort());
    expectVerified(...recordingsIn(output));
    for (const service of SERVICES) expectAll(join(output, `${service}.rrd`), service);
    const count = SERVICES.length;
    const sent = `${count * TRACES} traces, ${count * 2 * TRACES} spans, ${count * RECORDS} log records`;
    expect(served.output()).toContain(sent);
  }, 400_000);
});
