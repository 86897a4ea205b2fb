import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configureRedaction } from "../../../instrumentation/redaction-options.ts";
import { blackBox } from "../../../instrumentation/run/black-box.ts";
import { recordPer } from "../../../instrumentation/run/record-per.ts";
import { Scalars } from "../../../src/archetypes/index.ts";
import { convert, exportTrace, OtlpReceiver } from "../../../src/bridges.ts";
import { RecordingSpanProcessor } from "../../../src/otel.ts";
import * as free from "../../../src/recording/free-functions.ts";
import { init } from "../../../src/recording/init.ts";
import { recorded } from "../../../src/recording/recorded.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { bufferedSink } from "../../../src/recording/sinks/buffered-sink.ts";
import { fileSink, grpcServerSink, grpcSink } from "../../../src/recording/sinks/sink-values.ts";
import { timeColumn } from "../../../src/recording/time/time-column.ts";
import { collectWarnings, type FakeTransport, useFakeTransport } from "./fake-transport.ts";

let transport: FakeTransport;
let rec: RecordingStream;
let warnings: ReturnType<typeof collectWarnings>;

beforeEach(() => {
  transport = useFakeTransport();
  warnings = collectWarnings();
  rec = new RecordingStream("names");
});
afterEach(() => warnings.stop());

/** Any options; the compiler is not asked. */
const options = (given: object): never => given as never;

describe("an option that there is not is refused by the call that sets something up", () => {
  const calls: [string, RegExp, () => unknown][] = [
    ["init", /no option "recordinId"; did you mean recordingId/, () => init("a", options({ recordinId: "x" }))],
    ["RecordingStream", /did you mean strict/, () => new RecordingStream("a", options({ strickt: true }))],
    ["telemetry", /did you mean slot/, () => new RecordingStream("a", { telemetry: options({ slott: 1 }) })],
    ["batcher", /did you mean flushNumRows/, () => new RecordingStream("a", { batcher: options({ flushNumRow: 1 }) })],
    ["batcher.hooks", /mean onFlush/, () => new RecordingStream("a", { batcher: { hooks: options({ onflush: 1 }) } })],
    ["recorded", /did you mean strict/, () => recorded("a", () => {}, options({ stric: true }))],
    [
      "save",
      /"rotateByte"; did you mean rotateBytes\? Its options are/,
      () => rec.save("x", options({ rotateByte: 1 })),
    ],
    ["save", /did you mean retain/, () => fileSink("x", options({ retian: 1 }))],
    ["connectGrpc", /its options are/, () => rec.connectGrpc(undefined, options({ bufferSize: 1 }))],
    ["connectGrpc", /its options are/, () => grpcSink(undefined, options({ bufferSize: 1 }))],
    ["serveGrpc", /did you mean port/, () => rec.serveGrpc(options({ prot: 1 }))],
    ["serveGrpc", /did you mean host/, () => grpcServerSink(options({ hots: "::" }))],
    ["spawn", /did you mean port/, () => rec.spawn(options({ prot: 1 }))],
    ["serveWebViewer", /did you mean connectTo/, () => rec.serveWebViewer(options({ conectTo: "" }))],
    ["stdout", /its options are defaultBlueprint/, () => rec.stdout(options({ blueprint: 1 }))],
    ["toStream", /did you mean end/, () => rec.toStream(process.stderr, options({ ends: true }))],
    ["binaryStream", /did you mean maxBytes/, () => rec.binaryStream(options({ maxByte: 1 }))],
    ["bufferedSink", /did you mean overflow/, () => bufferedSink(options({ overflw: 1 }))],
    ["setSinks", /its options are defaultBlueprint/, () => rec.setSinks([], options({ blueprint: 1 }))],
    ["sendBlueprint", /did you mean makeActive/, () => rec.sendBlueprint({ log() {} }, options({ makeActiv: true }))],
    ["sendRecordBatch", /did you mean index/, () => rec.sendRecordBatch(new Uint8Array(), options({ indx: null }))],
    ["metricExporter", /did you mean temporality/, () => rec.metricExporter(options({ temporalty: "delta" }))],
    ["blackBox", /did you mean seconds/, () => blackBox(options({ second: 1 }))],
    ["configureRedaction", /did you mean keys/, () => configureRedaction(options({ key: ["x-api-key"] }))],
    ["recordPer", /did you mean keep/, () => recordPer("trace", options({ kep: "all" }))],
    ["convert", /did you mean format/, () => convert("x", rec, options({ fromat: "otlp-json" }))],
    ["OtlpReceiver", /did you mean httpPort/, () => new OtlpReceiver(rec, options({ htpPort: 1 }))],
    ["exportTrace", /did you mean trace/, () => exportTrace("x", options({ to: "md", traces: "1" }))],
    ["RecordingSpanProcessor", /mean recording/, () => new RecordingSpanProcessor(options({ recordin: rec }))],
  ];

  it.each(calls)("%s: %s", async (name, advice, call) => {
    const error = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "RerunError", code: "ERR_RERUN_ARGUMENT" });
    const { message } = error as Error;
    expect(message).toContain(`${name} has no option "`);
    expect(message).toMatch(advice);
  });
});

describe("while the program runs it is a warning, and what can be done is done", () => {
  it("sendColumns", () => {
    const content = { indexes: [timeColumn("frame", { sequence: [1] })], columns: Scalars.columns({ scalars: [1] }) };
    rec.sendColumns("a", options({ ...content, path: "b" }), options({ strickt: true }));
    expect(transport.userRows).toHaveLength(1);
    expect(warnings.messages).toEqual([expect.stringContaining('sendColumns has no option "path"')]);
    expect(() => rec.sendColumns("a", content, options({ strickt: true, strict: true }))).toThrow(
      "did you mean strict",
    );
  });

  it("flush and shutdown", async () => {
    rec.log("a", new Scalars(1));
    await rec.flush(options({ timeout: 5 }));
    await rec.shutdown(options({ timeoutMilis: 5 }));
    expect(transport.commands.map(({ type }) => type)).toEqual(["flush", "close"]);
    expect(warnings.messages).toEqual([
      expect.stringContaining('flush has no option "timeout"; its options are timeoutMillis'),
      expect.stringContaining("did you mean timeoutMillis"),
    ]);
  });

  it("logFile", async () => {
    await rec.logFileFromContents("a.txt", new TextEncoder().encode("x"), options({ entityPath: "b" }));
    expect(transport.userRows).toHaveLength(1);
    expect(warnings.messages).toEqual([expect.stringContaining('logFile has no option "entityPath"')]);
  });
});

it("functions take the recording beside their options, and a recording is no options", async () => {
  const target = { recording: rec };
  free.setSinks([bufferedSink()], target);
  free.stdout(target);
  await free.flush({ ...target, timeoutMillis: 5 });
  expect(warnings.messages).toEqual([]);
  free.setSink(bufferedSink(), options(rec));
  expect(warnings.messages).toEqual([expect.stringMatching(/^name the recording in the options, \{ recording \}/)]);
  expect(() => rec.setSinks([], options(rec))).toThrow("name the recording in the options of setSinks: { recording }");
  expect(() => new RecordingSpanProcessor(options(rec))).toThrow("{ recording }");
});
