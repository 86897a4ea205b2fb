// C19, C20 and C32: several sinks at once, bytes in pieces.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as rr from "otel-rerun";
import { codeOf, collectWarnings, PATIENTLY, valuesOf } from "./read.mjs";

const warnings = collectWarnings();
const found = {};
const file = (name) => join(process.env.FOLDER, name);
const log = (rec, from, to) => {
  for (let i = from; i < to; i++) rec.log("a", new rr.Scalars(i), { time: { frame: { sequence: i } } });
};
const numbers = async (input) => (await valuesOf(input, "/a", "Scalars:scalars")).flat();

// C19
{
  const rec = new rr.RecordingStream("tee");
  const pieces = [];
  log(rec, 0, 5);
  rec.setSinks([rr.fileSink(file("first.rrd")), new rr.CallbackSink((bytes) => void pieces.push(bytes))]);
  log(rec, 5, 10);
  await rec.flush(PATIENTLY);
  rec.addSink(rr.fileSink(file("added.rrd")));
  log(rec, 10, 15);
  const handle = rec.addSink(rr.fileSink(file("removed.rrd")));
  log(rec, 15, 17);
  await handle.remove();
  found.flushed = (await rec.flush(PATIENTLY)).sinks.map(({ status, lostRows }) => ({ status, lostRows }));
  found.removed = await numbers(file("removed.rrd"));
  found.duplicates = [
    codeOf(() => rec.addSink(rr.fileSink(file("first.rrd")))),
    codeOf(() => rec.setSinks([rr.fileSink(file("same.rrd")), rr.fileSink(file("same.rrd"))])),
  ];
  found.sameExists = existsSync(file("same.rrd"));
  log(rec, 17, 20);
  await rec.shutdown(PATIENTLY);
  found.tee = {
    first: await numbers(file("first.rrd")),
    callback: await numbers(Buffer.concat(pieces)),
    added: await numbers(file("added.rrd")),
  };
}

// C20
{
  const rec = new rr.RecordingStream("pieces");
  const stream = rec.binaryStream();
  const pieces = [];
  for (let from = 0; from < 20; from += 5) {
    log(rec, from, from + 5);
    pieces.push(await stream.read());
  }
  const end = rec.shutdown(PATIENTLY);
  for await (const bytes of stream) pieces.push(bytes);
  await end;
  found.pieces = await Promise.all(pieces.slice(0, 4).map(numbers));
  found.whole = await numbers(Buffer.concat(pieces));
}

// C32
{
  const rec = new rr.RecordingStream("one fails");
  const seen = [];
  rec.setSinks([
    new rr.CallbackSink(() => {
      throw new Error("no room");
    }),
    rr.fileSink(file("beside.rrd")),
    new rr.CallbackSink((bytes) => void seen.push(bytes)),
    rr.grpcSink("rerun+http://127.0.0.1:1/proxy", { connectTimeoutMillis: 300 }),
  ]);
  log(rec, 0, 10);
  // the dead address may cost the flush its time, never the others their rows
  const error = await rec.flush(PATIENTLY).catch((reason) => reason);
  found.perSink = error.sinks.map(({ status }) => status);
  log(rec, 10, 20);
  await rec.shutdown({ timeoutMillis: 2000 }).catch(() => {});
  found.besideFailing = { file: await numbers(file("beside.rrd")), callback: await numbers(Buffer.concat(seen)) };
  found.told = warnings.filter((message) => message.includes("no room")).length;
}

console.log(JSON.stringify(found));
