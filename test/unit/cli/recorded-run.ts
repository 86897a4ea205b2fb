import { RecordKind } from "../../../src/pipeline/record.ts";
import { createExpander } from "../../../src/telemetry/layout/expander.ts";
import { writeLogRecord } from "../../../src/telemetry/log-codec.ts";
import type { LogRecord, Span } from "../../../src/telemetry/model.ts";
import { OriginWriter } from "../../../src/telemetry/origins.ts";
import { writeSpan } from "../../../src/telemetry/span-codec.ts";
import { recording } from "../pipeline/recorded.ts";
import { logRecord, MS, span, T0 } from "../telemetry/telemetry.ts";

/** The file of a run with these spans and logs, as the live layout writes it. */
export function recordedRun(spans: readonly Span[], logs: readonly LogRecord[] = []): Uint8Array {
  const { transport, toMemory, flush, bytes } = recording({ createExpander }, { telemetry: {} });
  toMemory();
  const origins = new OriginWriter((value) => transport.define({ type: "telemetry", recording: 1, value }));
  for (const { resource, scope } of [...spans, ...logs]) {
    origins.resource(resource);
    origins.scope(scope);
  }
  for (const one of logs) {
    const writer = transport.begin(RecordKind.log, 1);
    writeLogRecord(writer, one, origins);
    transport.end(writer);
  }
  for (const one of spans) {
    const writer = transport.begin(RecordKind.spanEnd, 1);
    writeSpan(writer, one, origins);
    transport.end(writer);
  }
  transport.requestSync({ type: "close", recording: 1, timeoutMillis: 1000 });
  flush();
  return bytes();
}

export const SHOP = { attributes: { "service.name": "shop", "host.name": "box" } };
export const STOCK = { attributes: { "service.name": "stock" } };

/**
 * A request over two services:
 *
 *   GET /cart            shop   40 ms
 *   ├─ read cart                10 ms
 *   └─ GET                      20 ms   client
 *      └─ GET /stock ✖   stock  15 ms   with an exception and a log
 */
export function cart(no: number, part: { readonly slow?: bigint; readonly fails?: boolean } = {}) {
  const { slow = 1n, fails = true } = part;
  const traceId = `ca${no}`.padEnd(32, "0");
  const startTime = T0 + BigInt(no) * 1000n * MS;
  const at = (from: bigint, length: bigint) => ({
    startTime: startTime + from * MS * slow,
    endTime: startTime + (from + length) * MS * slow,
  });
  const id = (n: number) => `${no}${n}`.padStart(16, "0");
  const root = span(id(1), {
    ...at(0n, 40n),
    traceId,
    name: "GET /cart",
    kind: 1,
    resource: SHOP,
    attributes: { "http.route": "/cart", "http.response.status_code": fails ? 502 : 200, "user.id": "<b>7</b>" },
  });
  const read = span(id(2), { ...at(2n, 10n), traceId, name: "read cart", resource: SHOP, parentSpanId: id(1) });
  const call = span(id(3), { ...at(14n, 20n), traceId, name: "GET", kind: 2, resource: SHOP, parentSpanId: id(1) });
  const exception = {
    name: "exception",
    time: startTime + 20n * MS * slow,
    attributes: {
      "exception.type": "TypeError",
      "exception.message": "no <stock>",
      "exception.stacktrace": "TypeError: no <stock>\n    at find (stock.js:7:1)\n    at node:internal/timers",
    },
  };
  const stock = span(id(4), {
    ...at(16n, 15n),
    traceId,
    name: "GET /stock",
    kind: 1,
    resource: STOCK,
    parentSpanId: id(3),
    parentIsRemote: true,
    ...(fails ? { status: { code: 2 as const, message: "no <stock>" }, events: [exception] } : {}),
  });
  const log = logRecord("looking for <stock>", {
    traceId,
    spanId: id(4),
    time: startTime + 18n * MS,
    resource: STOCK,
    severityNumber: 13,
  });
  return { traceId, spans: [read, stock, call, root], logs: [log] };
}
