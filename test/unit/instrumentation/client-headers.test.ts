import http from "node:http";
import type { AddressInfo } from "node:net";
import { context } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { headerList } from "../../../instrumentation/http/header-list.ts";
import { redactSpan } from "../../../instrumentation/redact.ts";
import { setGlobalDataRecording } from "../../../src/recording/context/active-recording.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { recorded } from "../otel/recorded.ts";

vi.mock("../../../src/telemetry/recorder.ts", () => import("../otel/fake-recorder.ts"));
const { HttpInstrumentation } = await import("../../../instrumentation/http.ts");
const { setRecordedHeaders } = await import("../../../instrumentation/http/recorded-headers.ts");

const server = http.createServer((_request, response) => {
  response.setHeader("x-answer", ["a", "b"]).setHeader("set-cookie", "id=q0secret0q").setHeader("x-other", "1").end();
});
const instrumentation = new HttpInstrumentation({
  incoming: false,
  recordClientHeaders: { request: ["X-Request-Id", "authorization"], response: ["x-answer", "set-cookie"] },
});
let recording: RecordingStream;
let url: string;

beforeAll(async () => {
  instrumentation.enable();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  instrumentation.disable();
  setRecordedHeaders("client", {});
  context.disable();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  recording = new RecordingStream("shop");
  setGlobalDataRecording(recording);
});
afterEach(() => setGlobalDataRecording(undefined));

async function attributes(): Promise<Readonly<Record<string, unknown>>> {
  await vi.waitFor(() => expect(recorded(recording).spans).toHaveLength(1), { timeout: 5000 });
  const [span] = recorded(recording).spans;
  if (span === undefined) throw new Error("no span");
  return redactSpan(span).attributes;
}

const HEADERS = { "X-Request-Id": "7", authorization: "Bearer q0secret0q", "x-anything": "1" };
const send = (options: http.RequestOptions) =>
  new Promise((ended) => http.get(url, { agent: false, ...options }, (answer) => answer.resume().on("end", ended)));

describe("headers of requests that are sent", () => {
  const ways: [string, () => Promise<unknown>][] = [
    ["http, an object", () => send({ headers: HEADERS })],
    [
      "http, a list",
      () => send({ headers: Object.entries({ host: "a", ...HEADERS }).flat() as unknown as http.OutgoingHttpHeaders }),
    ],
    [
      "http, setHeader",
      () =>
        new Promise((ended) => {
          const request = http.request(url, { agent: false }, (answer) => answer.resume().on("end", ended));
          for (const [name, value] of Object.entries(HEADERS)) request.setHeader(name, value);
          request.end();
        }),
    ],
    ["fetch", async () => (await fetch(url, { headers: HEADERS })).text()],
  ];
  it.each(ways)(
    "%s: those that were asked for, of request and response; secrets among them redacted (I12)",
    async (_, ask) => {
      await ask();
      const found = await attributes();
      expect(found).toMatchObject({
        "http.request.header.x-request-id": ["7"],
        "http.request.header.authorization": "REDACTED",
        "http.response.header.set-cookie": "REDACTED",
      });
      expect([["a", "b"], ["a, b"]]).toContainEqual(found["http.response.header.x-answer"]);
      expect(JSON.stringify(found)).not.toMatch(/x-anything|x-other|q0secret0q/);
    },
  );

  it("none is recorded without being asked for (I12)", async () => {
    setRecordedHeaders("client", {});
    await send({ headers: HEADERS });
    expect(JSON.stringify(await attributes())).not.toMatch(/header|q0secret0q/);
  });
});

it("a list of headers is read in every form Node and undici have", () => {
  const expected = new Map([
    ["a", ["1", "2"]],
    ["b", ["3"]],
  ]);
  const bytes = ["A", "1", "b", "3", "a", "2"].map((text) => Buffer.from(text, "latin1"));
  for (const form of [
    { A: ["1", "2"], b: 3 },
    { a: ["A", ["1", "2"]], b: ["B", "3"] },
    [
      ["A", "1"],
      ["b", "3"],
      ["a", "2"],
    ],
    ["A", "1", "b", "3", "a", "2"],
    bytes,
    "A: 1\r\nb: 3\r\na: 2\r\n",
  ]) {
    expect(headerList(form)).toEqual(expected);
  }
  for (const nothing of [undefined, null, [], {}, ""]) expect(headerList(nothing)).toEqual(new Map());
});
