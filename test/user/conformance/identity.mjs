// C01 to C05: which recording, whether it records, and what it is called.
import * as rr from "otel-rerun";
import { codeOf, collectWarnings, PATIENTLY, valuesOf } from "./read.mjs";

const warnings = collectWarnings();
const found = {};

// C01
const [explicit, scoped, isolate, global] = ["explicit", "scoped", "isolate", "global"].map(
  (name) => new rr.RecordingStream(name),
);
const active = () => rr.getDataRecording()?.applicationId ?? "none";
found.order = [active()];
rr.setGlobalDataRecording(global);
found.order.push(active());
rr.setThreadLocalDataRecording(isolate);
found.order.push(active());
scoped.with(() => found.order.push(active(), rr.getDataRecording(explicit).applicationId));
found.previous = [
  rr.setThreadLocalDataRecording(undefined) === isolate,
  rr.setGlobalDataRecording(undefined) === global,
  active(),
];

// C02
const silent = async (recording) => {
  const options = recording === undefined ? {} : { recording };
  rr.log("a", new rr.Scalars(1), options);
  rr.log("a", "no archetype at all", options);
  rr.setTime("t", {}, options);
  rr.sendColumns("a", { indexes: [], columns: [] }, options);
  rr.sendProperty("p", new rr.Scalars(1), options);
  rr.sendRecordingName("n", options);
  rr.save("/nowhere/at/all.rrd", options);
  await rr.flush(options);
  await rr.shutdown(options);
  return [rr.isEnabled(options), rr.getApplicationId(options) ?? null, rr.getRecordingId(options) ?? null];
};
found.missing = await silent(undefined);
found.disabled = await silent(new rr.RecordingStream("off", { enabled: false, recordingId: "id" }));
found.disabledMemory = rr.RecordingStream.disabled().memoryRecording().drainAsBytes().length;

// C03
found.switches = {};
for (const value of ["1", "TRUE", "on", "yes", "0", "False", "OFF", "no", "junk", ""]) {
  process.env.RERUN = value;
  const states = [true, false].map((defaultEnabled) => new rr.RecordingStream("a", { defaultEnabled }).enabled);
  found.switches[value] = states;
}
delete process.env.RERUN;

// C04
const ids = Array.from({ length: 50 }, () => new rr.RecordingStream("a").recordingId);
found.distinct = new Set(ids).size;
found.pattern = ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id));
const given = new rr.RecordingStream("my.app", { recordingId: "ünïcode/7 " });
found.given = given.recordingId;
const memory = given.memoryRecording();
given.log("a", new rr.Scalars(1));
const bytes = memory.drainAsBytes();
found.initTwice = [rr.init("twice", { recordingId: "x" }), rr.init("twice", { recordingId: "x" })].map(
  ({ recordingId }) => recordingId,
);
const [left, right] = ["left", "right"].map((name) => {
  const rec = new rr.RecordingStream("isolated", { recordingId: name });
  rec.save(`${process.env.FOLDER}/${name}.rrd`);
  rec.log("who", new rr.TextLog(name));
  return rec;
});
await Promise.all([left.shutdown(PATIENTLY), right.shutdown(PATIENTLY)]);
found.isolated = await Promise.all(
  ["left", "right"].map((name) => valuesOf(`${process.env.FOLDER}/${name}.rrd`, "/who", "TextLog:text")),
);

// C05
found.applicationIds = Object.fromEntries(
  JSON.parse(process.env.APPLICATION_IDS).map((id) => [id, rr.normalizeApplicationId(id)]),
);
found.emptyApplicationId = codeOf(() => new rr.RecordingStream(""));
found.bytes = Buffer.from(bytes).toString("base64");

await new Promise((resolve) => setImmediate(resolve));
found.warnings = warnings;
console.log(JSON.stringify(found));
