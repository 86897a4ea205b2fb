// C23 to C25, without an OpenTelemetry set-up, or under the context manager of the SDK that is installed here: MANAGER=1, as it is;
// MANAGER=2, as those were that had no `attach`.
import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import * as rr from "otel-rerun";
import { PATIENTLY, valuesOf } from "./read.mjs";

const found = {};
const otel = await import("@opentelemetry/api");
if (process.env.MANAGER !== "0") {
  const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
  const manager = new AsyncLocalStorageContextManager().enable();
  if (process.env.MANAGER === "2") manager.attach = undefined;
  found.attaches = typeof manager.attach === "function";
  found.registered = otel.context.setGlobalContextManager(manager);
}
const active = () => rr.getDataRecording();
const nameOf = () => active()?.applicationId ?? "none";
const record = (name) => new rr.RecordingStream(name);

// C23: ten recordings, a thousand scopes of them
const recordings = Array.from({ length: 10 }, (_, i) => {
  const rec = record(`r${i}`);
  rec.save(`${process.env.FOLDER}/${i}.rrd`);
  return rec;
});
let strangers = 0;
await Promise.all(
  Array.from({ length: 1000 }, (_, n) => {
    const rec = recordings[n % 10];
    return rec.with(async () => {
      for (let i = 0; i < 3; i++) {
        await delay(Math.random() * 3);
        if (active() !== rec) strangers++;
        rr.log("value", new rr.TextLog(`r${n % 10} ${n} ${i}`), { time: { step: { sequence: i } } });
        await rr.withTime({ step: { sequence: i } }, async () => {
          await delay(0);
          if (active() !== rec) strangers++;
        });
      }
    });
  }),
);
found.strangers = strangers;
await Promise.all(recordings.map((rec) => rec.shutdown(PATIENTLY)));
found.texts = await Promise.all(
  recordings.map((_, i) => valuesOf(`${process.env.FOLDER}/${i}.rrd`, "/value", "TextLog:text")),
);

// C24
const [a, b, c] = ["a", "b", "c"].map(record);
found.nested = [];
a.with(() => {
  b.with(() => a.with(() => found.nested.push(nameOf())));
  found.nested.push(nameOf());
  try {
    b.with(() => {
      throw new Error("inside");
    });
  } catch {
    found.nested.push(nameOf());
  }
});
found.nested.push(nameOf());
{
  const first = a.activate();
  const second = b.activate();
  const third = c.activate();
  second[Symbol.dispose]();
  found.disposed = [nameOf()];
  third.dispose();
  found.disposed.push(nameOf());
  third.dispose();
  first.dispose();
  first[Symbol.dispose]();
  found.disposed.push(nameOf());
}
const reentry = async () => {
  await null;
  for (let i = 0; i < 3; i++) {
    const scope = a.activate();
    await delay(1);
    if (active() !== a) strangers++;
    scope.dispose();
  }
  return nameOf();
};
found.reentered = await Promise.all([a.with(reentry), b.with(reentry), reentry()]);
found.strangersInReentry = strangers;
await a.with(async () => {
  await otel.context.with(otel.context.active(), async () => {
    await null;
    found.throughContext = nameOf();
  });
});
const nameLater = async () => {
  await delay(1);
  return nameOf();
};
found.awaited = await b.with(nameLater);

// C25
const emitter = a.bind(new EventEmitter());
emitter.on("x", () => (found.listener = nameOf()));
b.with(() => emitter.emit("x"));
found.generator = [];
const steps = a.bind(function* () {
  for (;;) yield nameOf();
})();
b.with(() => found.generator.push(steps.next().value, nameOf()));
found.generator.push(steps.next().value, nameOf(), steps.return("end").value);
const asyncSteps = a.bind(
  (async function* () {
    for (let i = 0; i < 2; i++) yield await nameLater();
  })(),
);
found.asyncGenerator = [];
for await (const name of asyncSteps) found.asyncGenerator.push(name, nameOf());
found.function = b.with(() => a.bind(nameOf)());
const job = rr.recorded("job", async function* (path) {
  rr.save(path);
  for (let i = 0; i < 3; i++) {
    rr.log("step", new rr.Scalars(i));
    yield nameOf();
  }
});
found.recorded = [];
const jobs = [1, 2].map((n) => job(`${process.env.FOLDER}/job${n}.rrd`));
for (let i = 0; i < 4; i++) {
  for (const each of jobs) found.recorded.push((await each.next()).value ?? "done");
}
found.recordedRows = await Promise.all(
  [1, 2].map((n) => valuesOf(`${process.env.FOLDER}/job${n}.rrd`, "/step", "Scalars:scalars")),
);
found.after = nameOf();
console.log(JSON.stringify(found));
