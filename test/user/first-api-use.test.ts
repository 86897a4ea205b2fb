import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { describeWithOracle, dump, values } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { plain, sdk1, sdk2, sdk3 } = inject("consumers");
const REGISTER = ["--require", "otel-rerun/register"];

const FIRST_USE = {
  "a span, before anything else": `trace.getTracer("app").startSpan("work").end();`,
  "a tracer kept from before": `const tracer = trace.getTracer("app"); setTimeout(() => tracer.startSpan("work").end(), 5);`,
  "a context": `context.with(context.active(), () => trace.getTracer("app").startActiveSpan("work", (span) => span.end()));`,
  "a logger of the API itself": `diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} }); trace.getTracer("app").startSpan("work").end();`,
};

describeWithOracle("the API of OpenTelemetry, loaded after register", () => {
  const lines = [
    { line: "1.9", folder: plain },
    { line: "1.10", folder: sdk3 },
  ];
  for (const { line, folder } of lines) {
    for (const [use, script] of Object.entries(FIRST_USE)) {
      it(`${line}: ${use} is recorded`, async () => {
        const program = `const { context, diag, trace } = require("@opentelemetry/api"); ${script}`;
        expect(await spansOf(folder, [...REGISTER, "-e", program])).toEqual(["work"]);
      });
    }
  }

  it("is recorded, too, where tracers were made before register", async () => {
    const before = join(freshFolder(), "before.cjs");
    const program = `globalThis.tracer = require(${JSON.stringify(join(plain, "node_modules/@opentelemetry/api"))}).trace.getTracer("app");`;
    writeFileSync(before, program);
    const args = ["--require", before, ...REGISTER, "-e", `tracer.startSpan("work").end();`];
    expect(await spansOf(plain, args)).toEqual(["work"]);
  });

  it.each([
    ["1.30", sdk1, "@opentelemetry/sdk-trace-base", "provider.register()"],
    ["2.12", sdk2, "@opentelemetry/sdk-trace-base", "api.trace.setGlobalTracerProvider(provider)"],
    ["3.1", sdk3, "@opentelemetry/sdk-trace", "api.trace.setGlobalTracerProvider(provider)"],
  ])("SDK %s: the spans of a provider whose registration is the first use", async (_, folder, sdk, register) => {
    const program = `const api = require("@opentelemetry/api"); const sdk = require("${sdk}");
const provider = new (sdk.TracerProvider ?? sdk.BasicTracerProvider)(); ${register};
api.trace.getTracer("app").startSpan("work").end();`;
    expect(await spansOf(folder, [...REGISTER, "-e", program])).toEqual(["work"]);
  });

  it.each([
    ["without a provider", ""],
    ["whose provider is registered first", "trace.setGlobalTracerProvider(new BasicTracerProvider());"],
    [
      "whose context manager is registered first",
      "context.setGlobalContextManager(new AsyncLocalStorageContextManager()); trace.setGlobalTracerProvider(new BasicTracerProvider());",
    ],
  ])("is recorded, too, where the application has another copy of it than otel-rerun: %s", async (_, start) => {
    const program = `const { context, trace } = require("@opentelemetry/api");
const { BasicTracerProvider } = require("@opentelemetry/sdk-trace-base");
const { AsyncLocalStorageContextManager } = require("@opentelemetry/context-async-hooks");
${start} trace.getTracer("app").startSpan("work").end();`;
    const elsewhere = join(plain, "node_modules/otel-rerun/dist/register.cjs"); // as npx has it
    expect(await spansOf(sdk2, ["--require", elsewhere, "-e", program])).toEqual(["work"]);
  });

  it("leaves a registry of another version alone", async () => {
    const program = `const key = Symbol.for("opentelemetry.js.api.1"); const theirs = { version: "1.999.0" };
globalThis[key] = theirs; require("node:fs").writeSync(1, String(globalThis[key] === theirs && Object.keys(theirs).length === 1));`;
    const run = await node(plain, [...REGISTER, "-e", program]);
    expect(run.stdout, run.stderr).toBe("true");
  });
});

/** The names of the spans that a program records. */
async function spansOf(folder: string, args: readonly string[]): Promise<unknown[]> {
  const file = join(freshFolder(), "run.rrd");
  const run = await node(folder, args, { OTEL_RERUN_FILE: file });
  expect(run.status, run.stderr).toBe(0);
  const [store] = dump(file);
  return store === undefined ? [] : values(store, "/spans", "name");
}
