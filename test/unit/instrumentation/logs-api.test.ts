import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { setGlobalDataRecording } from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { recorded } from "../otel/recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("../otel/fake-recorder.ts"));
const { startInstalled } = await import("../../../instrumentation/start-installed.ts");

const NAME = "@opentelemetry/instrumentation-lines";
/** As those for pino and winston do it: the provider that is set is not asked, and the logger is kept. */
const LINES = `const { logs } = require("@opentelemetry/api-logs");
exports.LinesInstrumentation = class {
  constructor() { this.enable(); }
  enable() { exports.logger = logs.getLogger("lines", "1"); }
  disable() {}
  setTracerProvider() {}
  setLoggerProvider() {}
};`;

describe("lines that an installed package gives to the logs API", () => {
  afterEach(() => setGlobalDataRecording(undefined));

  it("are recorded, until the application registers a provider of its own", () => {
    const folder = mkdtempSync(join(tmpdir(), "otel-rerun-logs-"));
    const modules = join(folder, "node_modules");
    mkdirSync(join(modules, NAME), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies: { [NAME]: "1" } }));
    writeFileSync(join(modules, NAME, "index.js"), LINES);
    for (const name of ["@opentelemetry/api-logs", "@opentelemetry/api"]) {
      const installed = fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url));
      cpSync(installed, join(modules, name), { recursive: true });
    }
    const require = createRequire(join(folder, "package.json"));

    const recording = new RecordingStream("shop");
    setGlobalDataRecording(recording);
    const script = join(folder, "app.cjs");
    expect(startInstalled({ script, cwd: folder, resource: { attributes: {} } })).toEqual([NAME]);
    const { logger } = require(NAME);
    const { logs } = require("@opentelemetry/api-logs");
    logger.emit({ body: "ours", severityNumber: 9 });
    expect(recorded(recording).logs.map(({ body, scope }) => [body, scope.name])).toEqual([["ours", "lines"]]);

    const theirs: unknown[] = [];
    const provider = { getLogger: () => ({ emit: ({ body }: { body: unknown }) => theirs.push(body) }) };
    expect(logs.setGlobalLoggerProvider(provider)).toBe(provider);
    try {
      logger.emit({ body: "theirs" });
      logs.getLogger("another").emit({ body: "too" });
      expect(theirs).toEqual(["theirs", "too"]);
      expect(recorded(recording).logs).toHaveLength(1);
    } finally {
      logs.disable();
    }
  });
});
