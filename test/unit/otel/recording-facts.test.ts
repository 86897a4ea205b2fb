import { SpanKind } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { RecordingFacts } from "../../../src/otel/recordings/recording-facts.ts";

const span = (name: string, kind: SpanKind, startTime: bigint, part: object = {}) => ({
  traceId: "t",
  name,
  kind,
  startTime,
  endTime: startTime + 10n,
  status: { code: 0 },
  attributes: {},
  ...part,
});

const nameOf = (...spans: ReturnType<typeof span>[]) => {
  const facts = new RecordingFacts();
  for (const one of spans) facts.add(one);
  return facts.end("key").name;
};

it("a trace is named after the route that it came in by, also where a client of the same process began it", () => {
  const client = span("GET", SpanKind.CLIENT, 1n);
  const server = span("GET /items/:id", SpanKind.SERVER, 2n, { parentSpanId: "c", parentIsRemote: true });
  const later = span("GET /prices/:id", SpanKind.SERVER, 5n, { parentSpanId: "d", parentIsRemote: true });
  for (const spans of [
    [client, server, later],
    [later, server, client],
  ]) {
    expect(nameOf(...spans)).toBe("GET /items/:id");
  }
});

it("without one, after what began first; what is below another span does not count", () => {
  const job = span("job", SpanKind.INTERNAL, 3n);
  const query = span("SELECT", SpanKind.CLIENT, 4n, { parentSpanId: "j" });
  const early = span("early", SpanKind.INTERNAL, 1n);
  expect(nameOf(query, job)).toBe("job");
  expect(nameOf(job, early)).toBe("early");
});
