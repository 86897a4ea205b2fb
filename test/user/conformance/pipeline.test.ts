import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { describeWithOracle, dump, expectVerified, rerun, values } from "../../oracle.ts";
import { type Findings, findings } from "./cases.ts";

describe("from rows to files", () => {
  let run: Findings;
  const found = (name: string) => run.found[name];
  beforeAll(async () => {
    run = await findings(inject("consumers").plain, "pipeline", { RERUN_FLUSH_NUM_ROWS: "5" });
  });

  it("C06 data logged before the first sink reaches it, in order, after store info and properties", () => {
    expect((found("kinds") as string[])[0]).toBe("store-info");
    expect((found("early") as string[])[0]).toBe("/__properties");
    expect(found("earlyValues")).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("C07 save makes and empties the file at once; a folder and a missing one are refused in the call", () => {
    expect(found("truncated")).toBeLessThan(100_000);
    expect([found("folder"), found("missing")]).toEqual(["ERR_RERUN_FILE", "ERR_RERUN_FILE"]);
    expect(found("afterFailure")).toEqual([0]);
    expect(found("closed")).toBe("ERR_RERUN_CLOSED");
  });

  it("C07 a path that is used twice: recordings of one process share the file, another process is refused", () => {
    expect(found("other")).toBe("ERR_RERUN_PATH_IN_USE");
    expect(found("shared")).toEqual(["one", "two"]);
  });

  it("C08 thresholds: rows before bytes, ≥, per path; zero means each row", () => {
    const ones = Array(7).fill(1);
    expect(found("thresholds")).toEqual({
      rows: { a: [3, 3, 1], b: [2], reasons: { rows: 2, bytes: 0, tick: 0, manual: 2 } },
      bytes: { a: ones, b: [1, 1], reasons: { rows: 0, bytes: 9, tick: 0, manual: 0 } },
      both: { a: ones, b: [1, 1], reasons: { rows: 9, bytes: 0, tick: 0, manual: 0 } },
      never: { a: [7], b: [2], reasons: { rows: 0, bytes: 0, tick: 0, manual: 2 } },
    });
  });

  it("C09 an explicit config survives sink changes; otherwise the environment and the sink's default", () => {
    expect(found("explicit")).toEqual([2, 2]);
    expect(found("environment")).toEqual([5, 5, 2]);
  });

  it("C08 C09 hooks hear of rows, chunks and thresholds; one that throws breaks nothing (I1); a bad threshold is refused", () => {
    expect(found("heard")).toEqual({
      configs: [[60_000, 5]],
      inserted: 5,
      flushed: [
        [5, "rows"],
        [2, "manual"],
      ],
    });
    expect(found("badBatcher")).toBe("ERR_RERUN_ARGUMENT");
  });

  it("C10 chunks are split by entity, timelines, datatypes and the unsorted limit", () => {
    expect(found("split")).toEqual({ timelines: [1, 2], types: [1, 1], unsorted: [2, 4, 4], sorted: [10] });
  });

  it("C11 flush covers everything that was sent before it", () => {
    expect([found("flushed"), found("all")]).toEqual([100, 150]);
  });

  it("C13 of a cut file every whole message is readable, and of streams one after the other all", () => {
    const [oneByte, inFooter, half, nearlyAll] = found("cuts") as number[];
    expect([oneByte, inFooter]).toEqual([20, 20]);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(20);
    expect(nearlyAll).toBe(0);
    expect(found("concatenated")).toBe(40);
    expect(found("noRecording")).toBe("ERR_RERUN_FORMAT");
  });

  it("C28 shutdown ends within its deadline in every state of the sinks, and again", () => {
    for (const how of found("shutdowns") as string[]) expect(["ended", "ERR_RERUN_FLUSH_TIMEOUT"]).toContain(how);
    expect(found("again")).toBe("again");
    expect(found("badTimeout")).toBe("ERR_RERUN_ARGUMENT");
  });

  it("C31 a quiet path is flushed by age while another path is hot", () => {
    expect(found("quiet")).toBe(1);
  });

  describeWithOracle("for the official tools", () => {
    const path = (name: string) => join(run.folder, name);

    it("C12 the footer is valid after the end, and left out on request", () => {
      const whole = rerun("rrd", "print", "--footers=true", path("footer.rrd"));
      expect(whole.status, whole.output).toBe(0);
      expectVerified(path("footer.rrd"));
      const without = rerun("rrd", "verify", path("no-footer.rrd"));
      expect(without.output).toMatch(/footer/i);
      const [store] = dump(path("no-footer.rrd"));
      expect(values(store!, "/a", "Scalars:scalars")).toHaveLength(20);
    });

    it("C13 they read as much of a file without its footer as we do; what is cut inside of a chunk they refuse", () => {
      const rows = [1, 2].map((n) => {
        const [store] = dump(path(`cut-${n}.rrd`), "/a");
        return values(store!, "/a", "Scalars:scalars").length;
      });
      expect(rows).toEqual((found("cuts") as number[]).slice(0, 2));
    });
  });
});
