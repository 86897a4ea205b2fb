import { expect, it } from "vitest";
import type { Command } from "../../../src/pipeline/command.ts";
import { commandRecord, decodeCommand } from "../../../src/pipeline/command-codec.ts";
import { RECORD_HEADER_BYTES } from "../../../src/pipeline/record.ts";
import type { ArrowMessage } from "../../../src/rrd/log-message.ts";

/** As a writer has it: in shared memory, behind the header and the number to answer with. */
function sent(command: Command, base = 0): Command {
  const record = commandRecord(command, 7);
  expect(record.length % 8).toBe(0);
  const memory = new Uint8Array(new SharedArrayBuffer(record.length));
  memory.set(record);
  expect(new DataView(memory.buffer).getUint32(RECORD_HEADER_BYTES, true)).toBe(7);
  return decodeCommand(memory.subarray(RECORD_HEADER_BYTES + 4), base);
}

function chunk(payload: Uint8Array, summary: Partial<ArrowMessage["summary"]> = {}): ArrowMessage {
  const id = Uint8Array.from({ length: 16 }, (_, i) => 255 - i);
  return {
    kind: "arrow",
    store: { kind: "recording", applicationId: "ä", recordingId: "r" },
    isStatic: summary.timelines === undefined,
    payload,
    summary: { id, entityPath: "/ü", numRows: 2, uncompressedBytes: 99, timelines: [], components: [], ...summary },
  };
}

it("what a thread copies arrives with its bytes and with times that no JSON number holds", () => {
  const range = { start: -(2n ** 63n), end: 2n ** 63n - 1n };
  const timelines = [{ name: "frame", type: "sequence", ...range }] as const;
  const component = { descriptor: { component: "x" }, type: "Float64", isEmpty: false, numRows: 1 } as const;
  const components = [
    { ...component, ranges: [range] },
    { ...component, ranges: [] },
  ];
  const copy: Command = {
    type: "copy",
    recording: 3,
    chunks: [
      chunk(Uint8Array.of(0, 123, 0), { timelines, components }),
      chunk(new Uint8Array(0)),
      chunk(Uint8Array.of(9, 0, 0, 0)),
    ],
  };
  expect(sent(copy)).toEqual(copy);
  expect(sent(copy, 2 ** 32)).toEqual({ ...copy, recording: 2 ** 32 + 3 });
});

it("a deadline that never comes, and a copy of nothing", () => {
  const close: Command = { type: "close", timeoutMillis: Number.POSITIVE_INFINITY };
  expect(sent(close)).toEqual(close);
  const empty: Command = { type: "copy", recording: 1, chunks: [] };
  expect(sent(empty)).toEqual(empty);
});
