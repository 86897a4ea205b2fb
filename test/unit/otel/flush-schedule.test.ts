import { setImmediate as immediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { FlushSchedule, type FlushScheduleOptions } from "../../../src/otel/recordings/flush-schedule.ts";

/** Flushes that end when the test says so. */
function scheduled(options: FlushScheduleOptions, environment: Record<string, string> = {}) {
  const flushes: { timeoutMillis: number; end: (error?: Error) => void }[] = [];
  let inFlight = 0;
  let most = 0;
  const schedule = new FlushSchedule(
    options,
    "OTEL_BSP",
    (timeoutMillis) =>
      new Promise((resolve, reject) => {
        most = Math.max(most, ++inFlight);
        const end = (error?: Error) => {
          inFlight--;
          if (error === undefined) resolve();
          else reject(error);
        };
        flushes.push({ timeoutMillis, end });
      }),
    environment,
  );
  return { schedule, flushes, most: () => most };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 1));
}

describe("FlushSchedule", () => {
  it("leaves flushing to the recording when nothing is set, but for a flush that is asked for", () => {
    const { schedule, flushes } = scheduled({});
    schedule.taken(100_000);
    expect(flushes).toHaveLength(0);
    void schedule.flush();
    expect(flushes).toMatchObject([{ timeoutMillis: 30_000 }]);
  });

  it("flushes when the batch is full, at once, one flush at a time (single flight)", async () => {
    const { schedule, flushes, most } = scheduled({ maxExportBatchSize: 10 });
    schedule.taken(9);
    expect(flushes).toHaveLength(0);
    schedule.taken(1);
    expect(flushes).toHaveLength(1);
    schedule.taken(30);
    expect(flushes).toHaveLength(1);
    flushes[0]?.end();
    await until(() => flushes.length === 2);
    flushes[1]?.end();
    await immediate();
    expect([flushes.length, most()]).toEqual([2, 1]);
  });

  it("flushes what waits for the delay, also what came during a flush", async () => {
    const { schedule, flushes } = scheduled({ scheduledDelayMillis: 5 });
    schedule.taken(1);
    await until(() => flushes.length === 1);
    schedule.taken(1);
    flushes[0]?.end();
    await until(() => flushes.length === 2);
  });

  it("is a barrier: a flush waits for the one that runs and then flushes again; who asks meanwhile shares it", async () => {
    const { schedule, flushes, most } = scheduled({ maxExportBatchSize: 1 });
    schedule.taken(1);
    const ends: string[] = [];
    const asked = [schedule.flush(), schedule.flush()].map((one, at) => one.then(() => ends.push(`flush ${at}`)));
    await immediate();
    expect([flushes.length, ends]).toEqual([1, []]);
    flushes[0]?.end();
    await until(() => flushes.length === 2);
    expect(ends).toEqual([]);
    flushes[1]?.end();
    await Promise.all(asked);
    expect([flushes.length, most()]).toEqual([2, 1]);
  });

  it("goes on after a flush that failed; who asked for it is told", async () => {
    const { schedule, flushes } = scheduled({ maxExportBatchSize: 1 });
    schedule.taken(1);
    flushes[0]?.end(new Error("unasked"));
    await immediate();
    const asked = schedule.flush();
    flushes[1]?.end(new Error("asked"));
    await expect(asked).rejects.toThrow("asked");
    schedule.taken(1);
    expect(flushes).toHaveLength(3);
  });

  it("reads the variables of upstream's processor; options come first, junk is left out", async () => {
    const environment = {
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "2",
      OTEL_BSP_EXPORT_TIMEOUT: "1234",
      OTEL_BSP_SCHEDULE_DELAY: "soon",
    };
    const { schedule, flushes } = scheduled({}, environment);
    schedule.taken(2);
    expect(flushes).toMatchObject([{ timeoutMillis: 1234 }]);
    const given = scheduled({ maxExportBatchSize: 3, exportTimeoutMillis: 7 }, environment);
    given.schedule.taken(2);
    expect(given.flushes).toHaveLength(0);
    given.schedule.taken(1);
    expect(given.flushes).toMatchObject([{ timeoutMillis: 7 }]);
  });
});
