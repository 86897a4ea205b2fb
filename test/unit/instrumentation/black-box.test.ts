import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HttpInstrumentation } from "../../../instrumentation/http.ts";
import { type BlackBox, blackBox, type DumpReason } from "../../../instrumentation/run/black-box.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { useFakeTransport } from "../recording/fake-transport.ts";

let box: BlackBox | undefined;
beforeEach(() => {
  useFakeTransport();
  processState().warned.clear();
});
afterEach(() => {
  box?.[Symbol.dispose]();
  vi.restoreAllMocks();
});

/** What is warned of when a program with a black box answers two requests. */
async function warningsOf(dumpOn: readonly DumpReason[], whenMade: () => void = () => {}): Promise<string[]> {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  box = blackBox({ dumpOn, recording: new RecordingStream("shop") });
  whenMade();
  const server = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  for (let i = 0; i < 2; i++) await (await fetch(`http://127.0.0.1:${port}`)).text();
  await new Promise((resolve) => server.close(resolve));
  return warn.mock.calls.map(([text]) => String(text));
}

it("says once that answers with 5xx are not seen, where nothing records requests", async () => {
  expect(await warningsOf(["http5xx"])).toEqual([expect.stringContaining("--import otel-rerun/register")]);
});

it("says nothing where requests are recorded, also by what is switched on later, or where nobody asked", async () => {
  const http = new HttpInstrumentation();
  expect(await warningsOf(["http5xx"], () => http.enable())).toEqual([]);
  http.disable();
  box?.[Symbol.dispose]();
  expect(await warningsOf(["eventLoopStall"])).toEqual([]);
});
