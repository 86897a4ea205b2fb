// C06 to C13, C28 and C31: from rows to chunks to files. Started with RERUN_FLUSH_NUM_ROWS=5.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as rr from "otel-rerun";
import { openRrd } from "otel-rerun/reader";
import { chunksOf, codeOf, PATIENTLY, statsOf, userChunks, valuesOf } from "./read.mjs";

const found = {};
const file = (name) => join(process.env.FOLDER, name);
const record = (options) => new rr.RecordingStream("pipeline", options);
const log = (rec, entity, from, to = from + 1) => {
  for (let i = from; i < to; i++) rec.log(entity, new rr.Scalars(i), { time: { frame: { sequence: i } } });
};
const rowsOf = (chunks, entity) => chunks.filter((chunk) => chunk.entity === entity).map(({ rows }) => rows);

// C06
{
  const rec = record({ recordingName: "early" });
  log(rec, "a", 0, 3);
  rec.save(file("early.rrd"));
  log(rec, "a", 3, 6);
  await rec.shutdown(PATIENTLY);
  const reader = await openRrd(file("early.rrd"));
  found.kinds = [];
  for await (const { kind } of reader.messages()) found.kinds.push(kind);
  found.early = (await chunksOf(file("early.rrd"))).map(({ entity }) => entity);
  found.earlyValues = (await valuesOf(file("early.rrd"), "/a", "Scalars:scalars")).flat();
}

// C07
{
  writeFileSync(file("old.rrd"), "x".repeat(100_000));
  mkdirSync(file("folder"));
  const rec = record();
  rec.save(file("old.rrd"));
  found.truncated = statSync(file("old.rrd")).size;
  found.folder = codeOf(() => rec.save(file("folder")));
  found.missing = codeOf(() => rec.save(file("no/such/folder/x.rrd")));
  log(rec, "a", 0);
  await rec.shutdown(PATIENTLY);
  found.afterFailure = (await valuesOf(file("old.rrd"), "/a", "Scalars:scalars")).flat();
  found.closed = codeOf(() => rec.save(file("closed.rrd")));
  const twice = ["one", "two"].map((recordingId) => record({ recordingId }));
  for (const each of twice) {
    each.save(file("twice.rrd"));
    log(each, "a", 0);
  }
  const other = `const rr = require("otel-rerun");
    try { new rr.RecordingStream("other").save(process.argv[1]); } catch (error) { console.log(error.code); }`;
  found.other = execFileSync(process.execPath, ["-e", other, file("twice.rrd")], { encoding: "utf8" }).trim();
  await Promise.all(twice.map((each) => each.shutdown(PATIENTLY)));
  found.shared = (await openRrd(file("twice.rrd"))).recordings().map(({ recordingId }) => recordingId);
}

// C08
found.thresholds = {};
for (const [name, batcher] of Object.entries({
  rows: { ...rr.BatcherConfig.never, flushNumRows: 3 },
  bytes: { ...rr.BatcherConfig.never, flushNumBytes: 1 },
  both: { ...rr.BatcherConfig.never, flushNumRows: 0, flushNumBytes: 0 },
  never: rr.BatcherConfig.never,
})) {
  const rec = record({ batcher, sendProperties: false });
  const memory = rec.memoryRecording();
  log(rec, "a", 0, 4);
  log(rec, "b", 0, 2);
  log(rec, "a", 4, 7);
  await rec.flush(PATIENTLY);
  const { rows, bytes, tick, manual } = (await statsOf(rec)).chunksByFlushReason;
  const chunks = await userChunks(memory.drainAsBytes());
  found.thresholds[name] = { a: rowsOf(chunks, "/a"), b: rowsOf(chunks, "/b"), reasons: { rows, bytes, tick, manual } };
  await rec.shutdown(PATIENTLY);
}

// C09
{
  const rec = record({ batcher: { flushNumRows: 2, flushTickMillis: Infinity } });
  rec.save(file("first.rrd"));
  log(rec, "a", 0, 4);
  const memory = rec.memoryRecording();
  log(rec, "a", 4, 8);
  found.explicit = rowsOf(await userChunks(memory.drainAsBytes()), "/a");
  const other = record({ batcher: { flushTickMillis: Infinity } });
  const otherMemory = other.memoryRecording();
  log(other, "a", 0, 12);
  found.environment = rowsOf(await userChunks(otherMemory.drainAsBytes()), "/a");
}

// C08, C09: what a program hears of it
{
  const heard = { configs: [], inserted: 0, flushed: [] };
  const hooks = {
    onConfigChange: ({ flushTickMillis, flushNumRows }) => heard.configs.push([flushTickMillis, flushNumRows]),
    onInsert: ({ entityPath, numRows }) => {
      if (entityPath === "/a") heard.inserted = Math.max(heard.inserted, numRows);
    },
    onFlush: ({ entityPath, numRows, reason }) => {
      if (entityPath === "/a") heard.flushed.push([numRows, reason]);
      throw new Error("of the program");
    },
  };
  const rec = record({ batcher: { flushTickMillis: 60_000, hooks } });
  rec.save(file("heard.rrd"));
  log(rec, "a", 0, 7);
  await rec.shutdown(PATIENTLY);
  found.heard = heard;
  found.badBatcher = codeOf(() => record({ batcher: { flushNumRows: -1 } }));
}

// C10
{
  const rec = record({ batcher: { ...rr.BatcherConfig.never, chunkMaxRowsIfUnsorted: 4 } });
  const memory = rec.memoryRecording();
  const at = (frame) => ({ time: { frame: { sequence: frame } } });
  rec.log("timelines", new rr.Scalars(1), at(1));
  rec.log("timelines", new rr.Scalars(2));
  rec.log("timelines", new rr.Scalars(3), at(2));
  rec.log("types", rr.anyValues({ x: 1 }), at(1));
  rec.log("types", rr.anyValues({ x: "text" }), at(2));
  for (let i = 0; i < 10; i++) rec.log("unsorted", new rr.Scalars(i), at(i % 2 ? i : -i));
  for (let i = 0; i < 10; i++) rec.log("sorted", new rr.Scalars(i), at(i));
  const chunks = await userChunks(memory.drainAsBytes());
  const entities = ["timelines", "types", "unsorted", "sorted"];
  found.split = Object.fromEntries(entities.map((name) => [name, rowsOf(chunks, `/${name}`).sort()]));
}

// C11
{
  const rec = record({ batcher: rr.BatcherConfig.never });
  rec.save(file("flushed.rrd"));
  log(rec, "a", 0, 100);
  await rec.flush(PATIENTLY);
  found.flushed = (await valuesOf(file("flushed.rrd"), "/a", "Scalars:scalars")).length;
  log(rec, "a", 100, 150);
  await rec.shutdown(PATIENTLY);
  found.all = (await valuesOf(file("flushed.rrd"), "/a", "Scalars:scalars")).length;
}

// C12, C13
{
  const write = async (name, options) => {
    const rec = record({ batcher: rr.BatcherConfig.alwaysTestOnly });
    rec.save(file(name), options);
    log(rec, "a", 0, 20);
    await rec.shutdown(PATIENTLY);
    return readFileSync(file(name));
  };
  const whole = await write("footer.rrd");
  await write("no-footer.rrd", { writeFooter: false });
  found.cuts = [];
  for (const cut of [1, 20, Math.floor(whole.length / 2), whole.length - 200]) {
    const reader = await openRrd(whole.subarray(0, whole.length - cut));
    let rows = 0;
    for await (const chunk of reader.chunks({ entityPath: "/a" })) rows += chunk.numRows;
    found.cuts.push(rows);
    writeFileSync(file(`cut-${found.cuts.length}.rrd`), whole.subarray(0, whole.length - cut));
  }
  const twice = Buffer.concat([whole, readFileSync(file("no-footer.rrd"))]);
  found.concatenated = (await valuesOf(twice, "/a", "Scalars:scalars")).length;
  found.noRecording = await openRrd(Buffer.from("no recording at all")).catch(({ code }) => code);
}

// C28, for the sinks of this package that wait for nobody
found.shutdowns = [];
for (const prepare of [
  () => {},
  (rec) => rec.save(file("shutdown.rrd")),
  (rec) => rec.memoryRecording(),
  (rec) => rec.shutdown(PATIENTLY),
]) {
  const rec = record();
  log(rec, "a", 0, 10);
  await prepare(rec);
  const ended = rec.shutdown({ timeoutMillis: 500 }).then(
    () => "ended",
    ({ code }) => code,
  );
  found.shutdowns.push(await Promise.race([ended, delay(60_000, "hangs", { ref: false })]));
  found.again = await rec.shutdown({ timeoutMillis: 500 }).then(() => "again");
}
found.badTimeout = await record()
  .flush({ timeoutMillis: -1 })
  .catch(({ code }) => code);

// C31
{
  const rec = record({ batcher: { flushNumRows: 10, flushTickMillis: 20 } });
  rec.save(file("quiet.rrd"));
  log(rec, "quiet", 0);
  let hot = 0;
  let quiet = 0;
  // ten rows make a chunk, so the hot path has one several times a tick
  while (quiet === 0) {
    for (let i = 0; i < 10; i++) log(rec, "hot", hot++);
    await delay(4);
    if (hot % 200 === 0) quiet = (await valuesOf(file("quiet.rrd"), "/quiet", "Scalars:scalars")).length;
  }
  found.quiet = quiet;
  await rec.shutdown(PATIENTLY);
}
console.log(JSON.stringify(found));
