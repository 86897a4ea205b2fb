// C14 to C18, C22 and C35: what a row is, and what becomes of one that is wrong.
import { setTimeout as delay } from "node:timers/promises";
import * as rr from "otel-rerun";
import * as rrb from "otel-rerun/blueprint";
import { openRrd } from "otel-rerun/reader";
import { chunksOf, codeOf, collectWarnings, userChunks } from "./read.mjs";

const warnings = collectWarnings();
const found = {};
const given = async () => {
  await delay(1);
  return warnings.splice(0);
};
const record = (options) => {
  const rec = new rr.RecordingStream("logging", options);
  return [rec, rec.memoryRecording()];
};
const bad = new rr.Points3D("no positions", { radii: [2] });

// C14
{
  const [rec, memory] = record();
  for (let i = 0; i < 3; i++) rec.log("bad", bad); // the line of C14
  rec.log("good", new rr.Scalars(1));
  found.lenient = await given();
  const chunks = await chunksOf(memory.drainAsBytes());
  found.lenientRows = chunks
    .filter(({ entity }) => entity === "/bad")
    .flatMap(({ values }) => values["Points3D:positions"]);
  found.lenientRadii = chunks
    .filter(({ entity }) => entity === "/bad")
    .flatMap(({ values }) => values["Points3D:radii"]);
  found.warningRows = chunks
    .filter(({ entity }) => entity === "/__warnings")
    .flatMap(({ values }) => values["TextLog:text"].map(([text]) => text.split("\n")[0]));
  const strict = new rr.RecordingStream("strict", { strict: true });
  found.precedence = [
    codeOf(() => rec.log("bad", bad, { strict: true })),
    codeOf(() => strict.log("bad", bad)),
    codeOf(() => strict.log("bad", bad, { strict: false })),
  ];
  rr.setStrictMode(true);
  found.precedence.push(codeOf(() => rec.log("bad", bad)));
  found.precedence.push(codeOf(() => new rr.RecordingStream("s", { strict: false }).log("bad", bad)));
  rr.setStrictMode(undefined);
  process.env.RERUN_STRICT = "yes";
  found.precedence.push(codeOf(() => rec.log("bad", bad)));
  rr.setStrictMode(false);
  found.precedence.push(codeOf(() => rec.log("bad", bad)));
  rr.setStrictMode(undefined);
  delete process.env.RERUN_STRICT;
  found.tried = rec.tryLog("bad", bad)?.code;
  await given();
}

// C15
{
  const [rec, memory] = record({ strict: true });
  const wrong = {
    two: { sequence: 1, duration: 2 },
    none: {},
    fraction: { sequence: 1.5 },
    unsafe: { sequence: 2 ** 60 },
    text: { duration: "1" },
    nan: { timestamp: Number.NaN },
    invalidDate: { timestamp: new Date("never") },
    milliseconds: { timestamp: Date.now() },
    millisecondDuration: { duration: 1e12 },
    tooBig: { timestamp: { nanos: 2n ** 63n } },
    notAnObject: 7,
  };
  found.wrongTimes = Object.fromEntries(
    Object.entries(wrong).map(([name, value]) => [name, codeOf(() => rec.setTime("t", value))]),
  );
  try {
    rec.setTime("t", { timestamp: Date.now() });
  } catch (error) {
    found.milliseconds = error.message;
  }
  found.emptyTimeline = codeOf(() => rec.setTime("", { sequence: 1 }));
  rec.setTime("kind", { sequence: 1 });
  rec.setTime("kind", { duration: 1 });
  found.typeChange = await given();
  rec.setTime("lowest", { sequence: -(2n ** 63n) });
  rec.log("timed", new rr.Scalars(1));
  rec.logTickEnabled = true;
  rec.log("static", new rr.Scalars(1), { static: true });
  rec.log("ticked", new rr.Scalars(1));
  const chunks = await userChunks(memory.drainAsBytes());
  found.kinds = chunks.map(({ entity, static: isStatic, times, types }) => {
    const { log_time, ...others } = times;
    return { entity, isStatic, times: others, type: types.kind, hasLogTime: log_time !== undefined };
  });
}

// timelines that a footer cannot tell apart
{
  const [rec, memory] = record();
  rec.setTime("a-b", { sequence: 1 });
  rec.setTime("a_b", { sequence: 2 });
  rec.log("x", new rr.Scalars(1));
  found.twins = await given();
  found.twinTimes = (await userChunks(memory.drainAsBytes())).map(({ times }) => [times["a-b"], times.a_b ?? null]);
}

// C16, C35
{
  const [rec, memory] = record();
  const log = (entity) => rec.log(entity, new rr.Scalars(1));
  log("default");
  rec.logTickEnabled = true;
  log("both");
  rec.setLogTimeEnabled(false);
  log("tick");
  rec.setLogTickEnabled(false);
  log("neither");
  rec.setTime("frame", { sequence: 1 });
  log("frame");
  found.withoutTime = await given();
  found.automatic = Object.fromEntries(
    (await userChunks(memory.drainAsBytes())).map(({ entity, times, static: isStatic }) => [
      entity,
      isStatic ? "static" : Object.keys(times).sort(),
    ]),
  );
  found.withoutTimeStrict = codeOf(() => {
    rec.resetTime();
    rec.log("neither", new rr.Scalars(1), { strict: true });
  });
}

// C17
{
  const [rec, memory] = record({ strict: true });
  const indexes = [rr.timeColumn("frame", { sequence: [1, 2, 3] })];
  const send = (columns, at = indexes) => codeOf(() => rec.sendColumns("columns", { indexes: at, columns }));
  found.unequal = [
    send([rr.Scalars.columns({ scalars: [1, 2] })]),
    send([rr.Points2D.columns({ positions: [1, 2, 3].map((i) => [i, i]) }).partition([1, 2])]),
    send([], [...indexes, rr.timeColumn("step", { sequence: [1] })]),
    codeOf(() => rr.timeColumn("t", { sequence: [1], duration: [1] })),
    codeOf(() => rr.timeColumn("t", { timestamp: [Date.now()] })),
  ];
  found.equal = send([rr.Scalars.columns({ scalars: [1, 2, 3] })]);
  found.staticColumns = send([rr.Scalars.columns({ scalars: [9] })], []);
  found.columnChunks = (await userChunks(memory.drainAsBytes())).map(({ rows, times, static: isStatic }) => ({
    rows,
    times,
    isStatic,
  }));
}

// C18
{
  const [rec, memory] = record();
  const parts = JSON.parse(process.env.PARTS);
  for (const part of parts) rec.log(["root", part], new rr.TextLog(part));
  const chunks = await userChunks(memory.drainAsBytes());
  found.parts = chunks.map(({ entity, values }) => [rr.entityPathParts(entity)[1], values["TextLog:text"][0][0]]);
}

// C22
{
  const [rec, memory] = record();
  rec.log("a", new rr.Scalars(1));
  rec.sendBlueprint(new rrb.Blueprint(new rrb.TimeSeriesView({ name: "plot", origin: "/a" })));
  const reader = await openRrd(memory.drainAsBytes());
  found.blueprint = [];
  for await (const { kind, store } of reader.messages()) if (store.kind === "blueprint") found.blueprint.push(kind);
  found.notABlueprint = codeOf(() => rec.sendBlueprint({}));
}
console.log(JSON.stringify(found));
