import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Archetype } from "../../src/archetypes/archetype.ts";
import { Container } from "../../src/blueprint/container.ts";
import { Panel } from "../../src/blueprint/panel.ts";
import * as blueprint from "../../src/blueprint.ts";
import * as bridges from "../../src/bridges.ts";
import * as clsHooked from "../../src/cls-hooked.ts";
import { RerunError } from "../../src/errors.ts";
import * as main from "../../src/index.ts";
import * as instrumentation from "../../src/instrumentation.ts";
import * as otel from "../../src/otel.ts";
import * as reader from "../../src/reader.ts";
import { processState } from "../../src/recording/process/process-state.ts";
import { collectWarnings, useFakeTransport } from "./recording/fake-transport.ts";

// Whatever a function is given, the answer is a result or an error of ours, which says what to do; never one from deep inside. All that is
// exported is tried, so that what is added later is too.

type Call = (...args: unknown[]) => unknown;

const VALUES: readonly unknown[] = [undefined, null, 5, "x", {}, [], [null], () => {}];
const ONE = VALUES.map((value) => [value]);
const TWO = VALUES.flatMap((first) => VALUES.map((second) => [first, second]));
const THREE = [{}, "x"].flatMap((first) => TWO.map((rest) => [first, ...rest]));
const ARGUMENTS: readonly (readonly unknown[])[] = [[], ...ONE, ...TWO, ...THREE];

/** Waited for at most, of what waits for somebody else. */
const MILLIS = 20;

const folder = mkdtempSync(join(tmpdir(), "any-arguments-"));
let warnings: ReturnType<typeof collectWarnings>;

beforeEach(() => {
  warnings = collectWarnings();
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  vi.stubEnv("PATH", "");
  processState().hooks.serveViewer = async () => ({ url: "", port: 0, unref() {}, close: async () => {} });
});
afterEach(() => {
  warnings.stop();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  delete processState().hooks.serveViewer;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a call throws that is none of our errors, each once, with the arguments that bring it about. */
async function rawErrors(call: Call): Promise<string[]> {
  const raw = new Map<string, string>();
  for (const args of ARGUMENTS) {
    useFakeTransport();
    try {
      const result = call(...args);
      const first = isIterator(result) ? result.next() : result;
      const settled = isThenable(first)
        ? await Promise.race([first, new Promise((resolve) => setTimeout(resolve, MILLIS))])
        : result;
      (settled as Partial<Disposable> | null | undefined)?.[Symbol.dispose]?.();
    } catch (error) {
      if (error instanceof RerunError) continue;
      const { message, stack = "" } = error as Error;
      if (message.startsWith("the fake transport does not read")) continue;
      raw.set(message, `${message} ← ${JSON.stringify(args, shown)} ${stack.split("\n")[1]?.trim()}`);
    }
  }
  return [...raw.values()];
}

function isThenable(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | null | undefined)?.then === "function";
}

function isIterator(value: unknown): value is AsyncGenerator {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value;
}

function shown(_key: string, value: unknown): unknown {
  return typeof value === "function" || value === undefined ? String(value) : value;
}

const isClass = (value: unknown): value is new (...args: unknown[]) => object =>
  typeof value === "function" && Function.prototype.toString.call(value).startsWith("class");

/** Its third argument is its subclasses' own. */
const newView: Call = (kind, options) => new blueprint.View(kind as string, options as object);

const ABSTRACT: ReadonlySet<unknown> = new Set([Archetype, Container, Panel]);

/** What an entry exports, and the static methods of its classes. */
function callsOf(entry: object): [string, Call][] {
  return Object.entries(entry).flatMap(([name, value]): [string, Call][] => {
    if (typeof value !== "function") return [];
    if (!isClass(value)) return [[name, value as Call]];
    const methods = Object.getOwnPropertyNames(value).flatMap((method): [string, Call][] => {
      const call = (value as unknown as Record<string, unknown>)[method];
      return typeof call === "function" ? [[`${name}.${method}`, call.bind(value) as Call]] : [];
    });
    if (value === blueprint.View) return [["new View", newView]];
    return ABSTRACT.has(value) ? methods : [[`new ${name}`, (...args) => new value(...args)], ...methods];
  });
}

describe.each(Object.entries({ main, otel, blueprint, reader, bridges, clsHooked, instrumentation }))(
  "exported by %s",
  (_, entry) => {
    it.each(callsOf(entry))("%s", async (_, call) => {
      expect(await rawErrors(call)).toEqual([]);
    });
  },
);

const golden = fileURLToPath(new URL("../golden/api_static.rrd", import.meta.url));
const file = await reader.openRrd(golden);

/** Each with a new object for each call. */
const OBJECTS: Record<string, (strict: boolean) => object> = {
  RecordingStream: (strict) => new main.RecordingStream("any", { strict }),
  MemoryRecording: (strict) => new main.RecordingStream("any", { strict }).memoryRecording(),
  BinaryStream: (strict) => new main.RecordingStream("any", { strict }).binaryStream(),
  WeakRecording: (strict) => new main.RecordingStream("any", { strict }).weak(),
  SinkHandle: (strict) => new main.RecordingStream("any", { strict }).addSink(main.bufferedSink()),
  RecordingSink: () => main.bufferedSink(),
  Blueprint: () => new blueprint.Blueprint(),
  ComponentColumns: () => main.Scalars.columns({ scalars: [1, 2] }),
  RrdReader: () => file,
};

/** They hand rows to whoever asks; `rec.sendBlueprint` does. */
const OF_OURS = new Set(["Blueprint.log"]);

describe.each(Object.entries(OBJECTS))("methods of %s", (owner, make) => {
  useFakeTransport();
  const prototype = Object.getPrototypeOf(make(false)) as object;
  const names = Object.getOwnPropertyNames(prototype).filter(
    (name) =>
      name !== "constructor" &&
      typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === "function" &&
      !OF_OURS.has(`${owner}.${name}`),
  );

  it.each(names)("%s", async (name) => {
    for (const strict of [false, true]) {
      const call: Call = (...args) => (make(strict) as Record<string, Call>)[name]?.(...args);
      expect(await rawErrors(call), `strict: ${strict}`).toEqual([]);
    }
  });
});
