import * as arrow from "apache-arrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AnyValues, anyValues, dynamicArchetype, Scalars } from "../../../src/archetypes/index.ts";
import { processState } from "../../../src/recording/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { timeColumn } from "../../../src/recording/time-column.ts";
import { createTransport } from "../../../src/writer-entry.ts";
import { collectWarnings, type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let warnings: ReturnType<typeof collectWarnings>;
let rec: RecordingStream;

beforeEach(() => {
  transport = useFakeTransport();
  warnings = collectWarnings();
  rec = new RecordingStream("mistakes");
});
afterEach(() => warnings.stop());

const frame = timeColumn("frame", { sequence: [1] });
const refused = (code: string) => expect.objectContaining({ name: "RerunError", code });

/** Without strictness one warning and no row, which is counted; with it the same as an error. */
function isRefused(call: (strict: boolean) => void, code: string, message: RegExp): void {
  call(false);
  expect(transport.userRows).toEqual([]);
  expect(warnings.messages).toEqual([expect.stringMatching(message)]);
  expect(transport.dropped).toMatchObject([{ reason: "encode" }]);
  expect(() => call(true)).toThrow(refused(code));
}

describe("a component or an archetype without a name", () => {
  it.each([
    ["a component", anyValues({ "": 1 }), /component needs a name/],
    ["an archetype", dynamicArchetype("", { x: 1 }), /archetype of ":x" has the empty name/],
    [
      "a component made by hand",
      { asComponentBatches: () => [{ spec: { descriptor: { component: "" }, type: "Float64" as const }, values: 1 }] },
      /component needs a name/,
    ],
  ])("%s is refused in a row", (_, entity, message) => {
    isRefused((strict) => rec.log("a", entity, { strict }), "ERR_RERUN_DATA", message);
  });

  it("is refused in columns", () => {
    const columns = AnyValues.columns({ "": [1] });
    const send = (strict: boolean) => rec.sendColumns("a", { indexes: [frame], columns }, { strict });
    isRefused(send, "ERR_RERUN_DATA", /component needs a name/);
  });

  it("is refused in a table", async () => {
    processState().hooks.createTransport = createTransport;
    processState().transport = undefined;
    const stream = new RecordingStream("table");
    stream.memoryRecording();
    const table = new arrow.Table({ "": arrow.vectorFromArray([1], new arrow.Float64()) });
    await expect(stream.sendRecordBatch(table as never, { index: null, entityPath: "a" })).rejects.toEqual(
      refused("ERR_RERUN_DATA"),
    );
    await stream.shutdown({});
  });

  it("the next row is recorded", () => {
    for (const field of ["", "x", ""]) rec.log("a", anyValues({ [field]: 1 }));
    rec.log("a", new Scalars(2));
    expect(transport.userRows.map(({ components }) => components)).toEqual([{ x: [1n] }, { "Scalars:scalars": [2] }]);
  });
});
