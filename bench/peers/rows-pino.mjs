// The texts of rows/work.mjs as lines of pino, buffered as its documentation advises for throughput: JSON, no columns, no index.
import { join } from "node:path";
import pino from "pino";
import { Calls, runRounds } from "../rows/rounds.mjs";
import { lines, workFromEnvironment } from "../rows/work.mjs";

const work = workFromEnvironment();
const texts = lines();

await runRounds(work, async (folder, calls, watch) => {
  const destination = pino.destination({ dest: join(folder, "run.log"), minLength: 4096, sync: true });
  const logger = pino(destination);
  for (let row = 0; row < work.rows; row++) {
    const line = texts[row % texts.length];
    const frame = Math.floor(row / 100);
    if (calls === Calls.none) logger.info({ frame }, line);
    else calls.time(() => logger.info({ frame }, line));
  }
  watch.callsDone();
  destination.flushSync();
  destination.end();
});
