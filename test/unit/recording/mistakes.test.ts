import * as arrow from "apache-arrow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AnyValues, anyValues, Boxes3D, dynamicArchetype, Scalars, TextLog } from "../../../src/archetypes/index.ts";
import * as free from "../../../src/recording/free-functions.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { setStrictMode } from "../../../src/recording/strict.ts";
import { timeColumn } from "../../../src/recording/time/time-column.ts";
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

/** By the transport that is there outside of tests: tables are chunks already, and go to its sinks. */
async function sendTable(table: arrow.Table, options: object): Promise<void> {
  processState().hooks.createTransport = createTransport;
  processState().transport = undefined;
  const stream = new RecordingStream("table");
  stream.memoryRecording();
  await stream.sendRecordBatch(table as never, options).finally(() => stream.shutdown({}));
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
    const table = new arrow.Table({ "": arrow.vectorFromArray([1], new arrow.Float64()) });
    await expect(sendTable(table, { index: null, entityPath: "a" })).rejects.toEqual(refused("ERR_RERUN_DATA"));
  });

  it("the next row is recorded", () => {
    for (const field of ["", "x", ""]) rec.log("a", anyValues({ [field]: 1 }));
    rec.log("a", new Scalars(2));
    expect(transport.userRows.map(({ components }) => components)).toEqual([{ x: [1n] }, { "Scalars:scalars": [2] }]);
  });
});

describe("what comes twice would be a chunk that cannot be read", () => {
  const columns = Scalars.columns({ scalars: [1] });

  it("a timeline is refused in columns", () => {
    const indexes = [frame, timeColumn("frame", { sequence: [2] })];
    const send = (strict: boolean) => rec.sendColumns("a", { indexes, columns }, { strict });
    isRefused(send, "ERR_RERUN_ARGUMENT", /timeline "frame" is given twice/);
    expect(transport.dropped).toMatchObject([{ rows: 1 }, { rows: 1 }]);
  });

  it("a timeline and a component are refused in a table", async () => {
    const ints = arrow.vectorFromArray([1n], new arrow.Int64());
    const table = new arrow.Table({ frame: ints, "/a:x": ints });
    const index = ["frame", "frame"];
    await expect(sendTable(table, { index })).rejects.toMatchObject({
      message: 'timeline "frame" is given twice; give it once',
    });
    const named = new arrow.Table({ frame: ints, "/a:x": ints, x: ints });
    await expect(sendTable(named, { index: "frame", entityPath: "a" })).rejects.toEqual(refused("ERR_RERUN_ARGUMENT"));
  });
});

describe("what are no columns", () => {
  const good = Scalars.columns({ scalars: [1] });

  it.each<[string, unknown, unknown, RegExp]>([
    ["instances", [frame], [new Scalars([1])], /one Scalars is one row; .* Scalars\.columns\(/],
    ["one instance", [frame], new Scalars([1]), /one Scalars is one row/],
    ["plain values", [frame], [[1, 2]], /columns must be component columns.*got number/],
    ["nothing", [frame], undefined, /columns must be component columns.*got undefined/],
    ["no indexes", undefined, good, /indexes must be an array of time columns/],
    ["an index outside of an array", frame, good, /indexes must be an array of time columns/],
    ["values for indexes", [{ sequence: [1] }], good, /indexes must be an array of time columns/],
    ["null among the indexes", [null], good, /indexes must be an array of time columns/],
    ["numbers as times", [{ ...frame, values: [1] }], good, /indexes must be an array of time columns/],
  ])("%s", (_, indexes, columns, message) => {
    const send = (strict: boolean) => rec.sendColumns("a", { indexes, columns } as never, { strict });
    isRefused(send, "ERR_RERUN_ARGUMENT", message);
  });

  it("no content", () => {
    isRefused(
      (strict) => rec.sendColumns("a", undefined as never, { strict }),
      "ERR_RERUN_ARGUMENT",
      /indexes must be/,
    );
  });
});

describe("the third argument of log", () => {
  it.each<[string, unknown, RegExp]>([
    ["a second archetype", new Scalars(2), /put several archetypes into an array/],
    ["several of them", [new Scalars(2)], /put several archetypes into an array/],
    ["a recording", new RecordingStream("other"), /log\(path, archetype, \{ recording \}\)/],
    [
      "an option that does not exist",
      { statik: true },
      /log has no option "statik"; did you mean static\? Its options are static, strict, time/,
    ],
    ["a text", "static", /options of a row are .* got string/],
  ])("%s is reported, and the row is recorded without", (_, options, message) => {
    rec.log("a", new Scalars(1), options as never);
    expect(transport.userRows).toMatchObject([{ isStatic: false, components: { "Scalars:scalars": [1] } }]);
    expect(warnings.messages).toEqual([expect.stringMatching(message)]);
    const strict = new RecordingStream("strict", { strict: true });
    expect(() => strict.log("a", new Scalars(1), options as never)).toThrow(refused("ERR_RERUN_ARGUMENT"));
    expect(rec.tryLog("a", new Scalars(1), options as never)).toEqual(refused("ERR_RERUN_ARGUMENT"));
    expect(transport.userRows).toHaveLength(1);
  });

  it("its options are known, and it may be null", () => {
    const time = { frame: { sequence: 1 } };
    free.log("a", new Scalars(1), { recording: rec, static: false, strict: true, time });
    rec.log("a", new Scalars(1), null as never);
    expect([transport.userRows.length, warnings.messages]).toEqual([2, []]);
  });
});

it("a recording that is none is reported, and nothing is done", async () => {
  const wrong = { recording: 5 } as never;
  for (let i = 0; i < 2; i++) free.log("a", new Scalars(1), wrong);
  free.setTime("frame", { sequence: 1 }, wrong);
  await free.flush(wrong);
  expect(transport.userRows).toEqual([]);
  expect(warnings.messages).toHaveLength(3);
  for (const message of warnings.messages) {
    expect(message).toMatch(/\{ recording \} must be a RecordingStream, got number.*\(at .*mistakes\.test\.ts:/);
  }
  expect(() => free.log("a", new Scalars(1), { recording: 5, strict: true } as never)).toThrow(
    refused("ERR_RERUN_ARGUMENT"),
  );
  setStrictMode(true);
  expect(() => free.setTime("frame", { sequence: 1 }, wrong)).toThrow(refused("ERR_RERUN_ARGUMENT"));
});

describe("a field that an archetype does not have", () => {
  const misspelt = { colour: "red", level: "INFO" } as object;

  it("is reported and not in the row", () => {
    rec.log("a", new TextLog("x", misspelt));
    expect(transport.userRows.map(({ components }) => components)).toEqual([
      { "TextLog:text": ["x"], "TextLog:level": ["INFO"] },
    ]);
    expect(warnings.messages).toEqual([
      expect.stringContaining('TextLog has no field "colour"; did you mean color? Its fields are text, level, color'),
    ]);
    expect(() => rec.log("a", new TextLog("x", misspelt), { strict: true })).toThrow(refused("ERR_RERUN_DATA"));
    expect(transport.userRows).toHaveLength(1);
  });

  it("leaves no row if there is nothing else", () => {
    const update = TextLog.update({ colour: "red" } as object);
    isRefused((strict) => rec.log("a", update, { strict }), "ERR_RERUN_DATA", /TextLog has no field "colour"/);
    expect(transport.definitions.filter(({ type }) => type === "shape")).not.toEqual(
      expect.arrayContaining([expect.objectContaining({ shape: expect.objectContaining({ columns: [] }) })]),
    );
  });

  it("is refused in columns", () => {
    const columns = TextLog.columns({ text: ["x"], colour: ["red"] } as object);
    const send = (strict: boolean) => rec.sendColumns("a", { indexes: [frame], columns }, { strict });
    isRefused(send, "ERR_RERUN_DATA", /TextLog has no field "colour"/);
  });

  it("what constructors take is in the list", () => {
    rec.log("a", new Boxes3D({ halfSizes: [], size: [2, 2, 2] } as object));
    expect(warnings.messages).toEqual([
      expect.stringMatching(
        /Boxes3D has no field "size"; did you mean sizes\? Its fields are .*, and of its constructor sizes, mins, rotations/,
      ),
    ]);
  });
});

describe("a component that is there twice", () => {
  it("in a row is reported, and the last one counts", () => {
    const twice = [new Scalars(1), new Scalars(2)];
    rec.log("a", twice);
    expect(transport.userRows).toMatchObject([{ components: { "Scalars:scalars": [2] } }]);
    expect(warnings.messages).toEqual([expect.stringContaining("Scalars:scalars is there twice in one row")]);
    expect(() => rec.log("a", twice, { strict: true })).toThrow(refused("ERR_RERUN_DATA"));
  });

  it("in columns is refused", () => {
    const columns = [Scalars.columns({ scalars: [1] }), Scalars.columns({ scalars: [2] })];
    const send = (strict: boolean) => rec.sendColumns("a", { indexes: [frame], columns }, { strict });
    isRefused(send, "ERR_RERUN_DATA", /Scalars:scalars is there twice/);
  });
});
