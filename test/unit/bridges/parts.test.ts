import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ExportTraceServiceRequestSchema } from "../../../src/bridges/otlp/proto/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts";
import { hasTooManyMessages, hasTooManyValues, MAX_PARTS } from "../../../src/bridges/receiver/parts.ts";

const SCHEMA = ExportTraceServiceRequestSchema;
const empties = (tag: number, count: number) => Buffer.from([tag, 0]).toString("latin1").repeat(count);
const bytes = (text: string) => Buffer.from(text, "latin1");

/** A message around others: tag, length, what is inside. */
function around(tag: number, inside: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = inside.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([tag, ...length]), inside]);
}

describe("parts of a request are counted before it is read", () => {
  it.each([
    ["resources", (count: number) => bytes(empties(0x0a, count))],
    ["spans", (count: number) => around(0x0a, around(0x12, bytes(empties(0x12, count))))],
    [
      "attributes of one span",
      (count: number) => around(0x0a, around(0x12, around(0x12, bytes(empties(0x4a, count))))),
    ],
  ])("%s", (_, request) => {
    expect(hasTooManyMessages(SCHEMA, request(MAX_PARTS + 1))).toBe(true);
    const padding = around(0x7a, Buffer.alloc(100)); // an unknown field
    expect(hasTooManyMessages(SCHEMA, Buffer.concat([request(MAX_PARTS - 3), padding]))).toBe(false);
  });

  it("a large request of few parts passes", () => {
    const schemaUrl = "x".repeat(4 * MAX_PARTS);
    const request = create(SCHEMA, {
      resourceSpans: [{ schemaUrl }, { scopeSpans: [{ spans: [{ name: schemaUrl }] }] }],
    });
    expect(hasTooManyMessages(SCHEMA, toBinary(SCHEMA, request))).toBe(false);
  });

  it("what is no protobuf is an error, or is left to the reader; it ends", () => {
    const garbage = Buffer.alloc(3 * MAX_PARTS, 0xff);
    expect(() => hasTooManyMessages(SCHEMA, garbage)).toThrow();
    const longer = around(0x0a, Buffer.alloc(3 * MAX_PARTS)).subarray(0, 3 * MAX_PARTS);
    expect(() => hasTooManyMessages(SCHEMA, longer)).toThrow();
  });

  it("values of JSON, not brackets in texts", () => {
    const json = (value: string, count: number) => bytes(`[${`${value},`.repeat(count)}0]`);
    expect(hasTooManyValues(json("{}", MAX_PARTS))).toBe(true);
    expect(hasTooManyValues(json("[]", MAX_PARTS))).toBe(true);
    expect(hasTooManyValues(json('"{[\\"{["', MAX_PARTS))).toBe(false);
    expect(hasTooManyValues(json("1", 3 * MAX_PARTS))).toBe(false);
  });
});
