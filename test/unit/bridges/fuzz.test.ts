import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  nat,
  oneof,
  string,
  uint8Array,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { Assembly } from "../../../src/bridges/assembly.ts";
import type { Destination } from "../../../src/bridges/destination.ts";
import { readInput } from "../../../src/bridges/read-input.ts";
import { Tally } from "../../../src/bridges/tally.ts";
import { detectFormat } from "../../../src/bridges.ts";
import { RerunError } from "../../../src/errors.ts";
import { describeWithDumps, dump, expected } from "./dumps.ts";

/** Reads bytes to the end. What is thrown must be ours (I8). */
async function read(bytes: Uint8Array): Promise<number> {
  let spans = 0;
  const destination: Destination = {
    trace: (trace) => {
      spans += trace.spans.length;
    },
    log: () => {},
    point: () => {},
  };
  const assembly = new Assembly(destination);
  try {
    await readInput(bytes, new Tally(assembly), { maxPieceBytes: 1 << 20, problem: () => {} });
  } catch (error) {
    expect(error).toBeInstanceOf(RerunError);
  }
  assembly.flush();
  expect(() => detectFormat(bytes)).not.toThrow();
  return spans;
}

describe("anything ends in telemetry or in a typed error", () => {
  it("bytes", () => assert(asyncProperty(uint8Array({ maxLength: 300 }), async (bytes) => void (await read(bytes)))));

  it("bytes that begin like OTLP protobuf, in all framings", () =>
    assert(
      asyncProperty(
        uint8Array({ maxLength: 200 }),
        constantFrom([0x0a], [0x20, 0x0a], [0, 0, 0, 40, 0x0a]),
        async (bytes, head) => void (await read(Uint8Array.from([...head, ...bytes]))),
      ),
    ));

  it("JSON that has the names of the formats and any values", () => {
    const name = constantFrom(
      ..."resourceSpans scopeSpans spans traceId spanId id traceID spanID processes startTimeUnixNano startTime timestamp".split(
        " ",
      ),
      ..."attributes key value stringValue arrayValue values kvlistValue events links tags logs fields references".split(
        " ",
      ),
      ..."resourceMetrics scopeMetrics metrics gauge sum histogram exponentialHistogram summary dataPoints bucketCounts".split(
        " ",
      ),
      ..."resourceLogs scopeLogs logRecords body localEndpoint annotations data result kind status duration".split(" "),
    );
    const value = oneof(jsonValue(), dictionary(name, jsonValue()), array(dictionary(name, jsonValue())), string());
    return assert(
      asyncProperty(array(dictionary(name, value)), async (documents) => {
        const lines = documents.map((document) => JSON.stringify(document)).join("\n");
        await read(Buffer.from(lines));
        await read(Buffer.from(JSON.stringify(documents)));
      }),
    );
  });
});

describeWithDumps("damaged files of other programs", () => {
  const small = Object.entries(expected).filter(([name]) => dump(name).length < 20_000);

  it("with bytes changed, cut and repeated", () =>
    assert(
      asyncProperty(
        constantFrom(...small.map(([name]) => name)),
        nat(),
        nat(),
        nat(255),
        async (name, at, to, byte) => {
          const whole = dump(name);
          const changed = Buffer.from(whole);
          changed[at % whole.length] = byte;
          const [from, end] = [at % whole.length, to % whole.length].sort((a, b) => a - b) as [number, number];
          const cut = Buffer.concat([whole.subarray(0, from), whole.subarray(end)]);
          const repeated = Buffer.concat([whole.subarray(0, end), whole.subarray(from)]);
          for (const bytes of [changed, cut, repeated]) {
            expect(await read(bytes)).toBeLessThanOrEqual((expected[name]?.spans ?? 0) * 2 + 20);
          }
        },
      ),
      { numRuns: 100 },
    ));
});
