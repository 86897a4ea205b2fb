import type { ReadableSpan } from "../../../src/otel/sdk/types.ts";

const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

/** A finished span as SDK 2.x and 3.x export it. */
export function readableSpan(changes: Partial<ReadableSpan> = {}): ReadableSpan {
  return {
    name: "GET /",
    kind: 1,
    spanContext: () => spanContext,
    startTime: [1_700_000_000, 5],
    endTime: [1_700_000_001, 7],
    status: { code: 0 },
    attributes: {},
    events: [],
    links: [],
    resource: { attributes: { "service.name": "shop" } },
    instrumentationScope: { name: "http", version: "1.0" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...changes,
  };
}
