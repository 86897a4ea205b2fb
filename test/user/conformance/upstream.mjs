// Counterparts of upstream's tests (docs/upstream-tests.md) that need the whole package.
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as rr from "otel-rerun";
import { Blueprint, TextLogView } from "otel-rerun/blueprint";
import { openRrd } from "otel-rerun/reader";
import { collectWarnings, PATIENTLY, userChunks, valuesOf } from "./read.mjs";

const warnings = collectWarnings();
const found = {};
const file = (name) => join(process.env.FOLDER, name);
const hasFooter = (path) => readFileSync(path).subarray(-8, -4).toString() === "FOOT";
const log = (rec, entity, from, to) => {
  for (let i = from; i < to; i++) rec.log(entity, new rr.Scalars(i), { time: { frame: { sequence: i } } });
};

// init twice, with an id of its own and with the default
{
  const [first, second] = [rr.init("twice"), rr.init("twice")];
  const [third, fourth] = [rr.init("twice", { recordingId: "mine" }), rr.init("twice", { recordingId: "mine" })];
  found.twice = {
    differ: first.recordingId !== second.recordingId,
    kept: [third.recordingId, fourth.recordingId],
    global: rr.getGlobalDataRecording() === fourth,
  };
  rr.setGlobalDataRecording(undefined);
}

// two streams, two files
{
  const streams = ["one", "two"].map((recordingId) => new rr.RecordingStream("isolated", { recordingId }));
  for (const rec of streams) rec.save(file(`${rec.recordingId}.rrd`));
  for (let i = 0; i < 3; i++) for (const rec of streams) log(rec, `only/${rec.recordingId}`, i, i + 1);
  await Promise.all(streams.map((rec) => rec.shutdown(PATIENTLY)));
  found.isolated = [];
  for (const { recordingId } of streams) {
    const reader = await openRrd(file(`${recordingId}.rrd`));
    const entities = (await userChunks(file(`${recordingId}.rrd`))).map(({ entity }) => entity);
    found.isolated.push([reader.recordings().map((one) => one.recordingId), [...new Set(entities)]]);
  }
}

// the descriptor of a file is there while it is written, and not after
{
  const path = file("descriptor.rrd");
  const open = () =>
    readdirSync("/proc/self/fd").filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === path;
      } catch {
        return false; // that of the listing itself
      }
    }).length;
  if (process.platform === "linux") {
    const rec = new rr.RecordingStream("descriptor");
    rec.save(path);
    log(rec, "a", 0, 3);
    await rec.flush(PATIENTLY);
    found.descriptors = [open()];
    await rec.shutdown(PATIENTLY);
    found.descriptors.push(open());
  }
}

// footers: at the end of an `await using`, at once after finalize, after disconnect; and left out when that is asked for
{
  found.footers = {};
  const make = (name, options) => {
    const rec = new rr.RecordingStream("footers");
    rec.save(file(`${name}.rrd`), options);
    log(rec, "a", 0, 3);
    return rec;
  };
  const disposed = make("disposed");
  await disposed[Symbol.asyncDispose]();
  const finalized = make("finalized");
  await finalized.finalize();
  const left = make("left");
  await left.disconnect();
  for (const name of ["disposed", "finalized", "left"]) found.footers[name] = hasFooter(file(`${name}.rrd`));
  await finalized.shutdown(PATIENTLY);

  const method = make("method", { writeFooter: false });
  const func = new rr.RecordingStream("footers");
  rr.save(file("function.rrd"), { writeFooter: false, recording: func });
  const value = new rr.RecordingStream("footers");
  value.setSinks([rr.fileSink(file("value.rrd"), { writeFooter: false })]);
  for (const rec of [func, value]) log(rec, "a", 0, 3);
  for (const rec of [method, func, value]) await rec.shutdown(PATIENTLY);
  for (const name of ["method", "function", "value"]) found.footers[name] = hasFooter(file(`${name}.rrd`));
}

// eight tasks at once, inside of one `with`
{
  const rec = new rr.RecordingStream("tasks");
  rec.save(file("tasks.rrd"));
  await rec.with(() =>
    Promise.all(
      Array.from({ length: 8 }, async (_, task) => {
        for (let i = 0; i < 50; i++) {
          rr.log(`task/${task}`, new rr.Scalars(i));
          await null;
        }
      }),
    ),
  );
  await rec.shutdown(PATIENTLY);
  found.tasks = [];
  for (let task = 0; task < 8; task++) {
    found.tasks.push((await valuesOf(file("tasks.rrd"), `/task/${task}`, "Scalars:scalars")).flat());
  }
}

// two jobs at once read their own stream after every row
{
  found.reads = {};
  const job = rr.recorded("jobs", async function* (name) {
    const stream = rr.binaryStream();
    const pieces = [];
    rr.sendBlueprint(new Blueprint(new TextLogView({ origin: "/log" })));
    for (let i = 0; i < 30; i++) {
      rr.setTime("step", { sequence: i });
      rr.log("log", new rr.TextLog(`line ${i}`));
      pieces.push(await stream.read());
      yield i;
    }
    found.reads[name] = pieces.filter((piece) => piece?.length > 0).length;
    writeFileSync(file(`${name}.rrd`), Buffer.concat(pieces));
  });
  const drive = async (name) => {
    for await (const _ of job(name)) await new Promise((resolve) => setImmediate(resolve));
  };
  await Promise.all([drive("job1"), drive("job2")]);
}

// how a file grows: with each row, only at a flush, with each third row
found.grows = {};
for (const [name, batcher] of Object.entries({
  always: rr.BatcherConfig.alwaysTestOnly,
  never: rr.BatcherConfig.never,
  third: { ...rr.BatcherConfig.never, flushNumRows: 3 },
})) {
  const path = file(`${name}.rrd`);
  const rec = new rr.RecordingStream("grows", { batcher });
  rec.save(path);
  await rec.flush(PATIENTLY);
  const settled = async () => {
    // a question to the writer: what was logged before it has been looked at
    while (rec.stats().rowsAccepted === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return statSync(path).size;
  };
  let size = await settled();
  const grew = [];
  for (let i = 0; i < 7; i++) {
    log(rec, "a", i, i + 1);
    const now = await settled();
    grew.push(now > size);
    size = now;
  }
  await rec.flush(PATIENTLY);
  grew.push((await settled()) > size);
  found.grows[name] = grew;
  await rec.shutdown(PATIENTLY);
}

// six typical mistakes: one warning each, and the line
{
  const rec = new rr.RecordingStream("mistakes");
  rec.memoryRecording();
  const mistakes = {
    notAnArchetype: () => rec.log("a", "text"),
    shape: () => rec.log("a", new rr.Points3D([[1, 2]])),
    enumeration: () => rec.log("a", new rr.TextDocument("x", { mediaType: 7 })),
    time: () => rec.setTime("frame", { sequence: 1.5 }),
    milliseconds: () => rec.setTime("at", { timestamp: Date.now() }),
    columns: () =>
      rec.sendColumns("a", {
        indexes: [rr.timeColumn("frame", { sequence: [1, 2, 3] })],
        columns: rr.Scalars.columns({ scalars: [1, 2] }),
      }),
  };
  found.mistakes = {};
  for (const [name, make] of Object.entries(mistakes)) {
    const before = warnings.length;
    make();
    await new Promise((resolve) => setImmediate(resolve));
    const told = warnings.slice(before);
    found.mistakes[name] = {
      count: told.length,
      hasLine: told.every((text) => text.includes(fileURLToPath(import.meta.url))),
      text: told[0],
    };
  }
  await rec.shutdown(PATIENTLY);
}

// sinks are values: equal by where they go, and they say it
{
  const [one, same, other] = [
    "rerun+http://127.0.0.1:9/proxy",
    "rerun://127.0.0.1:9/proxy",
    "rerun+http://127.0.0.1:8/proxy",
  ].map((url) => rr.grpcSink(url));
  const server = await rr.grpcServerSink({ port: 0 });
  found.sinks = {
    equal: one.equals(rr.grpcSink("rerun+http://127.0.0.1:9/proxy")),
    secure: one.equals(same),
    other: one.equals(other),
    text: String(one),
    uri: server.url === `rerun+http://127.0.0.1:${server.port}/proxy` && String(server) === server.url,
  };
  const rec = new rr.RecordingStream("served", { sinks: [server] });
  log(rec, "a", 0, 1);
  await rec.shutdown(PATIENTLY);
}

console.log(JSON.stringify(found));
