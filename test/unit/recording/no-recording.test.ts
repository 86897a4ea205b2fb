import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Scalars } from "../../../src/archetypes/index.ts";
import * as free from "../../../src/recording/free-functions.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { setStrictMode } from "../../../src/recording/strict.ts";
import { collectWarnings, useFakeTransport } from "./fake-transport.ts";

let warnings: ReturnType<typeof collectWarnings>;

beforeEach(() => {
  useFakeTransport();
  warnings = collectWarnings();
});
afterEach(() => {
  warnings.stop();
  vi.unstubAllEnvs();
});

const calls: [string, () => unknown][] = [
  ["save", () => free.save("x.rrd")],
  ["stdout", () => free.stdout()],
  ["toStream", () => free.toStream(process.stderr)],
  ["connectGrpc", () => free.connectGrpc()],
  ["serveGrpc", () => free.serveGrpc()],
  ["spawn", () => free.spawn()],
  ["memoryRecording", () => free.memoryRecording()],
  ["binaryStream", () => free.binaryStream()],
  ["setSinks", () => free.setSinks([])],
  ["setSink", () => free.setSink({} as never)],
  ["addSink", () => free.addSink({} as never)],
];

describe("where a recording goes was said before there is one", () => {
  it.each(calls)("%s says so, once a line", async (name, call) => {
    for (let i = 0; i < 2; i++) await call();
    expect(warnings.messages).toEqual([
      expect.stringMatching(
        new RegExp(`^${name} does nothing, .* call init\\("my-app"\\) before it.*\\(at .*no-recording\\.test\\.ts:`),
      ),
    ]);
  });

  it.each(calls)("%s throws in strict mode", async (_, call) => {
    setStrictMode(true);
    await expect((async () => call())()).rejects.toMatchObject({ code: "ERR_RERUN_NO_RECORDING" });
  });

  it("nobody hears of it where everything is switched off, or the recording is", async () => {
    vi.stubEnv("RERUN", "off");
    for (const [, call] of calls) await call();
    vi.unstubAllEnvs();
    free.save("x.rrd", { recording: RecordingStream.disabled() });
    expect(warnings.messages).toEqual([]);
  });
});

it("what is logged without a recording is nobody's mistake: libraries do", async () => {
  free.log("a", new Scalars(1));
  free.setTime("frame", { sequence: 1 });
  await free.flush();
  expect(warnings.messages).toEqual([]);
});
