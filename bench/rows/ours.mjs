// The work of work.mjs with otel-rerun. OPTIONS: those of `save`, as JSON.
import { join } from "node:path";
import * as rr from "otel-rerun";
import { Calls, runRounds } from "./rounds.mjs";
import { clouds, lines, untilDue, values, workFromEnvironment } from "./work.mjs";

const PATIENTLY = { timeoutMillis: 60_000 };
/** Recordings that are closed at the same time. */
const CLOSING = 16;

const work = workFromEnvironment();
const options = JSON.parse(process.env.OPTIONS ?? "{}");
const { entities, steps, rows } = work;

const kinds = {
  scalars() {
    const paths = Array.from({ length: entities }, (_, i) => `sensor/${i}`);
    return async (rec, calls) => {
      const begun = performance.now();
      for (let step = 0; step < steps; step++) {
        if (work.stepMicros > 0) await untilDue(work, step, begun);
        rec.setTime("frame", { sequence: step });
        if (calls === Calls.none) {
          for (let i = 0; i < entities; i++) rec.log(paths[i], new rr.Scalars(values[(step * 7 + i * 131) & 65535]));
        } else {
          for (let i = 0; i < entities; i++) {
            calls.time(() => rec.log(paths[i], new rr.Scalars(values[(step * 7 + i * 131) & 65535])));
          }
        }
      }
    };
  },
  text() {
    const texts = lines();
    return (rec, calls) => {
      for (let row = 0; row < rows; row++) {
        if (row % 100 === 0) rec.setTime("frame", { sequence: row / 100 });
        const line = texts[row % texts.length];
        if (calls === Calls.none) rec.log("logs", new rr.TextLog(line, { level: "INFO" }));
        else calls.time(() => rec.log("logs", new rr.TextLog(line, { level: "INFO" })));
      }
    };
  },
  columns() {
    const batches = Array.from({ length: steps }, (_, batch) => ({
      frames: BigInt64Array.from({ length: rows }, (_, row) => BigInt(batch * rows + row)),
      scalars: Float64Array.from({ length: rows }, (_, row) => values[((batch * rows + row) * 7) & 65535]),
    }));
    return (rec, calls) => {
      for (const { frames, scalars } of batches) {
        calls.time(() =>
          rec.sendColumns("signal", {
            indexes: [rr.timeColumn("frame", { sequence: frames })],
            columns: [rr.Scalars.columns({ scalars })],
          }),
        );
      }
    };
  },
  points() {
    const all = clouds();
    return (rec, calls) => {
      for (let row = 0; row < rows; row++) {
        rec.setTime("frame", { sequence: row });
        const { positions, colors, radii } = all[row % all.length];
        calls.time(() => rec.log("cloud", new rr.Points3D(positions, { colors, radii })));
      }
    };
  },
};

/** A call is all that its caller does for one of them. */
async function recordings(folder, calls, watch) {
  const closing = [];
  for (let no = 0; no < steps; no++) {
    closing.push(
      calls.time(() => {
        const rec = new rr.RecordingStream("bench");
        rec.save(join(folder, `${no}.rrd`), options);
        for (let row = 0; row < rows; row++) {
          rec.setTime("frame", { sequence: row });
          rec.log("value", new rr.Scalars(values[(no + row * 7) & 65535]));
        }
        return rec.shutdown(PATIENTLY);
      }),
    );
    if (closing.length > CLOSING) await closing.shift();
  }
  await Promise.all(closing);
  watch.callsDone();
}

if (work.kind === "recordings") {
  await runRounds(work, recordings);
} else {
  const write = kinds[work.kind]();
  await runRounds(work, async (folder, calls, watch) => {
    const rec = new rr.RecordingStream("bench");
    rec.save(join(folder, "run.rrd"), options);
    await write(rec, calls);
    watch.callsDone();
    await rec.shutdown(PATIENTLY);
  });
}
