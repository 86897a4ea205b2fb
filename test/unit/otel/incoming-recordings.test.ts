import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { RecordingPropagator } from "../../../src/otel/context/recording-propagator.ts";
import type { IncomingRecordingsOptions } from "../../../src/otel/recordings/incoming-recordings.ts";
import { contextWithRecording, recordingFromContext } from "../../../src/recording/context/scope.ts";
import { processState } from "../../../src/recording/process/process-state.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";

const ID = "7f0c1e9a-2f7d-4c1e-9d6b-3a1f5b7c9e01";
const OTHER = "0a8f2c11-55aa-4e4e-8b3f-1d2c3b4a5968";

const extract = (propagator: RecordingPropagator, headers: object, context: Context = ROOT_CONTEXT) =>
  propagator.extract(context, headers, defaultTextMapGetter);
const inject = (propagator: RecordingPropagator, context: Context) => {
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
};

/** What `open` was asked for, and what became of it. */
function service(options: Partial<IncomingRecordingsOptions> = {}) {
  const opened: RecordingStream[] = [];
  const incoming: IncomingRecordingsOptions = {
    allow: [ID],
    open: (recordingId) => {
      const recording = new RecordingStream("shop", { recordingId });
      opened.push(recording);
      return recording;
    },
    ...options,
  };
  return { propagator: new RecordingPropagator({ incoming }), opened };
}

afterEach(() => {
  processState().globalRecording = undefined;
});

describe("recording ids between services", () => {
  const sender = () => new RecordingPropagator({ sendRecordingId: true });
  const inRecording = (recordingId: string) =>
    contextWithRecording(ROOT_CONTEXT, new RecordingStream("shop", { recordingId }));

  it("one service's recording is the other's, by header or by baggage", () => {
    const headers = inject(sender(), inRecording(ID));
    expect(headers).toEqual({ "x-rerun-recording": ID, baggage: `rerun.recording_id=${ID}` });
    for (const arriving of [headers, { "x-rerun-recording": ID }, { baggage: headers.baggage }]) {
      const { propagator, opened } = service();
      expect(recordingFromContext(extract(propagator, arriving))?.recordingId).toBe(ID);
      extract(propagator, arriving);
      expect(opened).toHaveLength(1);
    }
  });

  it("the context has recording and parent span", () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const context = extract(service().propagator, { "x-rerun-recording": ID, traceparent });
    expect(recordingFromContext(context)?.recordingId).toBe(ID);
    expect(trace.getSpanContext(context)?.spanId).toBe("b7ad6b7169203331");
  });

  it("sends the active recording where the context has none, and nothing without one, disabled or of a form that no header takes", () => {
    expect(inject(sender(), ROOT_CONTEXT)).toEqual({});
    processState().globalRecording = new RecordingStream("shop", { recordingId: OTHER });
    expect(inject(sender(), ROOT_CONTEXT)["x-rerun-recording"]).toBe(OTHER);
    expect(inject(sender(), inRecording("two words"))).toEqual({});
    expect(inject(sender(), contextWithRecording(ROOT_CONTEXT, RecordingStream.disabled()))).toEqual({});
  });

  it("sends no id unless told to, and names only the headers it sets", () => {
    const plain = new RecordingPropagator();
    expect(inject(plain, inRecording(ID))).toEqual({});
    expect(plain.fields()).toEqual(["traceparent", "tracestate"]);
    expect(sender().fields()).toEqual(["traceparent", "tracestate", "x-rerun-recording", "baggage"]);
  });

  it("leaves the other baggage in the header", () => {
    const baggage = propagation.createBaggage({ user: { value: "Ä b" }, "rerun.recording_id": { value: "old" } });
    const { baggage: header } = inject(sender(), propagation.setBaggage(inRecording(ID), baggage));
    expect(header).toBe(`user=%C3%84%20b,rerun.recording_id=${ID}`);
  });
});

describe("ids from outside are untrusted (I11)", () => {
  it("a forged id opens nothing, whatever it is", () => {
    const { propagator, opened } = service();
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 300 }), fc.uuid(), fc.array(fc.string())),
        fc.option(fc.string()),
        (header, baggage) => {
          fc.pre(header !== ID);
          const headers = { "x-rerun-recording": header, ...(baggage === null ? {} : { baggage }) };
          expect(extract(propagator, headers)).toBe(ROOT_CONTEXT);
        },
      ),
    );
    expect(opened).toEqual([]);
  });

  it.each([
    ["repeated", { "x-rerun-recording": [ID, OTHER] }],
    ["not allowed", { "x-rerun-recording": OTHER }],
    [
      "malformed, beside baggage that is fine",
      { "x-rerun-recording": "../../etc", baggage: `rerun.recording_id=${ID}` },
    ],
    ["twice in the baggage", { baggage: `rerun.recording_id=${ID},rerun.recording_id=${ID}` }],
    ["badly encoded", { baggage: "rerun.recording_id=%zz" }],
    ["in oversized baggage", { baggage: `rerun.recording_id=${ID},a=${"x".repeat(10_000)}` }],
  ])("an id that is %s counts as none", (_what, headers) => {
    const { propagator, opened } = service();
    expect(extract(propagator, headers)).toBe(ROOT_CONTEXT);
    expect(opened).toEqual([]);
  });

  it("a form that is not one is not even shown to the application", () => {
    const asked: string[] = [];
    const { propagator } = service({ allow: (id) => asked.push(id) === 0 });
    for (const id of ["", "a b", "x".repeat(129), "-leading", "ü", OTHER])
      extract(propagator, { "x-rerun-recording": id });
    expect(asked).toEqual([OTHER]);
  });

  it("without `incoming`, an open recording cannot be named either", () => {
    const open = new RecordingStream("shop", { recordingId: ID, makeGlobal: true });
    expect(open.recordingId).toBe(ID);
    expect(extract(new RecordingPropagator(), { "x-rerun-recording": ID })).toBe(ROOT_CONTEXT);
  });

  it("however many are allowed, no more than maxOpen are open: that which was named longest ago is closed (I7)", async () => {
    const { propagator, opened } = service({ allow: () => true, maxOpen: 3 });
    const ended: string[] = [];
    const name = (id: string) => extract(propagator, { "x-rerun-recording": id });
    for (const id of ["a", "b", "c"]) name(id);
    for (const recording of opened) {
      const { shutdown } = recording;
      recording.shutdown = (options) => {
        ended.push(recording.recordingId);
        return shutdown.call(recording, options);
      };
    }
    name("a");
    name("d");
    expect(ended).toEqual(["b"]);
    expect(opened.map(({ recordingId }) => recordingId)).toEqual(["a", "b", "c", "d"]);
  });

  it("never throws into the request, whatever the application's functions do (I1)", () => {
    const fail = () => {
      throw new Error("no");
    };
    for (const options of [{ allow: fail }, { allow: [ID], open: fail }] as Partial<IncomingRecordingsOptions>[]) {
      expect(extract(service(options).propagator, { "x-rerun-recording": ID })).toBe(ROOT_CONTEXT);
    }
    expect(extract(new RecordingPropagator({ recordingFor: fail }), { "x-tenant": "a" })).toBe(ROOT_CONTEXT);
  });

  it.each([
    ["no list", { allow: undefined as never }],
    ["nobody who opens", { open: undefined as never }],
    ["no room", { maxOpen: 0 }],
  ])("refuses options with %s", (_what, options) => {
    expect(() => service(options)).toThrowError(expect.objectContaining({ code: "ERR_RERUN_ARGUMENT" }));
  });
});

describe("recordingFor", () => {
  it("the application's choice comes before the id from outside", () => {
    const red = new RecordingStream("shop");
    const { propagator, opened } = service();
    const choosing = new RecordingPropagator({
      recordingFor: (header) => (header("X-Tenant") === "red" ? red : undefined),
      incoming: { allow: [ID], open: () => new RecordingStream("shop", { recordingId: ID }) },
    });
    expect(recordingFromContext(extract(choosing, { "x-tenant": "red", "x-rerun-recording": ID }))).toBe(red);
    expect(recordingFromContext(extract(choosing, { "x-rerun-recording": ID }))?.recordingId).toBe(ID);
    expect(extract(propagator, { "x-tenant": "red" })).toBe(ROOT_CONTEXT);
    expect(opened).toEqual([]);
  });
});
