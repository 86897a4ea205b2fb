/**
 * The judges of what we write: the official `rerun` CLI and Python SDK 0.41.0 in a virtual environment, and a real Chromium.
 * `scripts/judges.mjs` looks for them (and installs the SDK where python3 is there) before the tests start. Where a judge cannot
 * be had its tests are skipped with the reason printed; in CI that is a failure.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

interface Judges {
  readonly venv?: string;
  readonly noVenv?: string;
  readonly chromium?: string;
  readonly noChromium?: string;
  readonly pythonProducer?: string;
  readonly noPythonProducer?: string;
  readonly goProducer?: string;
  readonly noGoProducer?: string;
  readonly collector?: string;
  readonly noCollector?: string;
  /** The Python that has DataFusion beside the SDK. */
  readonly catalog?: string;
  readonly noCatalog?: string;
}

const file = fileURLToPath(new URL("../.cache/judges.json", import.meta.url));
const NOT_RUN = "scripts/judges.mjs has not run";
const judges: Judges = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Judges)
  : { noVenv: NOT_RUN, noChromium: NOT_RUN };

export const chromium = judges.chromium;
/** The Python that has the official SDK. */
export const oraclePython = `${judges.venv}/bin/python`;

export const hasOracle = judges.noVenv === undefined;
/** A `describe` that runs where the official CLI and SDK are there. */
export const describeWithOracle = gate("rerun-sdk 0.41.0", judges.noVenv);
/** A `describe` that runs where a Chromium is there. */
export const describeWithChromium = gate("Chromium", judges.noChromium);

/** The Python that has the OpenTelemetry SDK of `test/producers/python`. */
export const producerPython = judges.pythonProducer ?? "";
export const producerGo = judges.goProducer ?? "";
/** A `describe` that runs where producers of other languages are there, which are made for the long tests only. */
export const describeWithProducers = gate(
  "the OpenTelemetry SDKs of Python and Go",
  judges.noVenv ?? missing(producerPython, judges.noPythonProducer) ?? missing(producerGo, judges.noGoProducer),
);

export const collector = judges.collector ?? "";
export const catalogPython = judges.catalog ?? "";
/** A `describe` that runs where the OpenTelemetry Collector is there. */
export const describeWithCollector = gate(
  "the OpenTelemetry Collector",
  judges.noVenv ?? missing(collector, judges.noCollector),
);
/** A `describe` that runs where the official catalog server can be queried. */
export const describeWithCatalog = gate(
  "rerun-sdk[catalog] 0.41.0",
  judges.noVenv ?? missing(catalogPython, judges.noCatalog),
);

function missing(path: string, reason: string | undefined): string | undefined {
  return path === "" ? (reason ?? "scripts/judges.mjs has not run with: long") : undefined;
}

/** A `describe` that is skipped with a printed reason, or fails in CI, where something is not here. `reason`: undefined if it is. */
export function gate(what: string, reason: string | undefined): typeof describe | typeof describe.skip {
  if (reason === undefined) return describe;
  if (process.env.CI === "true") {
    return ((name: string) =>
      describe(name, () => {
        it(`needs ${what}`, () => {
          throw new Error(`${what} is missing in CI: ${reason}`);
        });
      })) as typeof describe;
  }
  console.warn(`skipped, ${what} is not here: ${reason}`);
  return describe.skip;
}

/** The same for a right of the process: nobody can install it, so a CI whose machine does not give it says so and goes on. */
export function permitted(what: string, reason: string | undefined): typeof describe | typeof describe.skip {
  if (reason === undefined) return describe;
  console.warn(`skipped, ${what} is not given here: ${reason}`);
  return describe.skip;
}

export interface CommandOutput {
  readonly status: number | null;
  readonly output: string;
}

/** Runs the official CLI, e.g. `rerun("rrd", "optimize", path)`. */
export function rerun(...args: string[]): CommandOutput {
  const { status, stdout, stderr } = spawnSync(`${judges.venv}/bin/rerun`, args, {
    encoding: "utf8",
    timeout: 120_000,
  });
  return { status, output: stdout + stderr };
}

/** The official CLI accepts all of the files. It ends with 0 when it could read none of them: only what it has counted is a judgement. */
export function expectVerified(...paths: string[]): string {
  const { status, output } = rerun("rrd", "verify", ...paths);
  const verified = Number(/^(\d+) files? verified without error/m.exec(output)?.[1]);
  expect({ status, verified }, output.slice(-4000)).toEqual({ status: 0, verified: paths.length });
  return output;
}

/** The official program itself: the `rerun` command starts another process that outlives it. */
export function rerunBinary(): string {
  const [python = ""] = readdirSync(`${judges.venv}/lib`);
  return `${judges.venv}/lib/${python}/site-packages/rerun_cli/rerun`;
}

/** Serves the web viewer of the official wheel on 127.0.0.1; `port` takes streams. */
export function startOfficialViewer(port: number, webPort: number): ChildProcess {
  const ports = ["--bind", "127.0.0.1", "--port", `${port}`, "--web-viewer-port", `${webPort}`];
  return spawn(rerunBinary(), ["--web-viewer", "--hide-welcome-screen", ...ports], { stdio: "ignore" });
}

export interface DumpedChunk {
  readonly entity: string;
  readonly static: boolean;
  readonly rows: number;
  readonly rowIds: string[];
  readonly timelines: Record<string, string[]>;
  readonly components: Record<string, (unknown[] | null)[]>;
}

export interface DumpedStore {
  readonly kind: "recording" | "blueprint";
  readonly applicationId: string;
  readonly recordingId: string;
  readonly chunks: DumpedChunk[];
}

/** What the official SDK reads out of a recording; `entities` limits it. */
export function dump(path: string, ...entities: string[]): DumpedStore[] {
  return (JSON.parse(dumped([path, ...entities])) as Dump).stores;
}

/** Many files by one process: its start takes longer than most of them. */
export function dumpEach(paths: readonly string[]): DumpedStore[][] {
  const lines = dumped(["--each", ...paths])
    .trimEnd()
    .split("\n");
  return lines.map((line) => (JSON.parse(line) as Dump).stores);
}

interface Dump {
  readonly stores: DumpedStore[];
}

function dumped(args: readonly string[]): string {
  const script = fileURLToPath(new URL("./oracle/dump.py", import.meta.url));
  const { status, stdout, stderr } = spawnSync(`${judges.venv}/bin/python`, [script, ...args], {
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`the official SDK cannot read ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** What a script of `test/oracle` makes of a JSON value; it runs in the official SDK's environment. */
export function runScript<T>(name: string, input: unknown): T {
  const script = fileURLToPath(new URL(`./oracle/${name}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(`${judges.venv}/bin/python`, [script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** All values of one component, in the order of the chunks; rows without it are left out. */
export function values(store: DumpedStore, entity: string, component: string): unknown[] {
  return store.chunks
    .filter((chunk) => chunk.entity === entity)
    .flatMap((chunk) => chunk.components[component] ?? [])
    .filter((list) => list !== null)
    .flat();
}
