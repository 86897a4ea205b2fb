// One minute in CI; the whole ten by: SOAK_SECONDS=600 npx vitest run --project long soak
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { freshFolder, node } from "./run.ts";

const seconds = Number(process.env.SOAK_SECONDS ?? 60);

interface Soak {
  readonly rows: number;
  readonly recordings: number;
  readonly rowsAccepted: number;
  readonly rowsWritten: number;
  readonly rowsDropped: Record<string, number>;
  readonly chunksWritten: number;
  readonly samples: readonly (readonly [seconds: number, bytes: number])[];
  readonly idleMillisPerSecond: number;
}

/** Bytes a second, by least squares. */
function slopeOf(samples: Soak["samples"]): number {
  const mean = (of: (sample: readonly [number, number]) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const time = mean(([at]) => at);
  const bytes = mean(([, rss]) => rss);
  const spread = mean(([at]) => (at - time) ** 2);
  return mean(([at, rss]) => (at - time) * (rss - bytes)) / spread;
}

it(
  `${seconds} s of 20,000 rows a second and 1,000 short recordings a minute: nothing is lost, memory is bounded, its slope is told, and rest costs nothing (I3, I7)`,
  async () => {
    const env = { FOLDER: freshFolder(), SECONDS: String(seconds) };
    const run = await node(inject("consumers").plain, [join("apps", "soak.mjs")], env, (seconds + 120) * 1000);
    expect(run.status, run.stderr).toBe(0);
    const soak = JSON.parse(run.stdout) as Soak;
    expect(soak.rowsDropped).toEqual({});
    expect(soak.rowsWritten).toBe(soak.rowsAccepted);
    expect(soak.rowsAccepted).toBe(soak.rows + 1); // its properties
    // a heap and its rings find their size in the first half
    const late = soak.samples.slice(soak.samples.length / 2);
    const perMinute = 60 * slopeOf(late);
    const largest = Math.max(...soak.samples.map(([, rss]) => rss));
    console.log(
      `soak: ${soak.rows} rows, ${soak.recordings} recordings, ${soak.chunksWritten} chunks; RSS at most ${(largest / 1e6).toFixed(0)} MB, ` +
        `slope ${(perMinute / 1e6).toFixed(2)} MB a minute; idle ${soak.idleMillisPerSecond.toFixed(2)} ms CPU a second`,
    );
    expect(largest).toBeLessThan(400e6); // 194 MB measured after ten minutes
    // a young heap still grows in its first minute (55 MB measured): that shows no less than 100 bytes a row, ten minutes show 10;
    // 4 MB measured there, most of it the indexes of the files that are being written
    expect(perMinute).toBeLessThan(seconds >= 600 ? 13e6 : 120e6);
    expect(soak.idleMillisPerSecond).toBeLessThanOrEqual(0.5); // 0.12 measured (I7)
  },
  (seconds + 180) * 1000,
);
