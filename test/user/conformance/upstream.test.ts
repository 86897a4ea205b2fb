import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { describeWithOracle, rerun } from "../../oracle.ts";
import { type Findings, findings } from "./cases.ts";

const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

/** Which test of upstream each of these answers to: docs/upstream-tests.md. */
describe("as upstream's own tests have it", () => {
  let run: Findings;
  const found = (name: string) => run.found[name];
  beforeAll(async () => {
    run = await findings(inject("consumers").plain, "upstream");
  });

  it("init twice, with the default id and with one's own", () => {
    expect(found("twice")).toEqual({ differ: true, kept: ["mine", "mine"], global: true });
  });

  it("two streams into two files: each has its own entity, under its own id", () => {
    expect(found("isolated")).toEqual([
      [["one"], ["/only/one"]],
      [["two"], ["/only/two"]],
    ]);
  });

  it.runIf(process.platform === "linux")(
    "the descriptor of a file is open while it is written, and closed after",
    () => {
      expect(found("descriptors")).toEqual([1, 0]);
    },
  );

  it("a footer at the end of `await using`, at once after finalize and disconnect; none by method, function and sink that ask for none", () => {
    const without = { method: false, function: false, value: false };
    expect(found("footers")).toEqual({ disposed: true, finalized: true, left: true, ...without });
  });

  it("eight tasks of 50 rows in one `with`: every row is in the finished file", () => {
    expect(found("tasks")).toEqual(Array(8).fill(upTo(50)));
  });

  it("two jobs that read their stream after each of 30 rows get something each time", () => {
    expect(found("reads")).toEqual({ job1: 30, job2: 30 });
  });

  it("a file grows with each row, only at a flush, with each third row, as the thresholds say", () => {
    const [yes, no] = [true, false];
    expect(found("grows")).toEqual({
      always: [yes, yes, yes, yes, yes, yes, yes, no],
      never: [no, no, no, no, no, no, no, yes],
      third: [no, no, yes, no, no, yes, no, yes],
    });
  });

  it("six typical mistakes are one warning each, which names the caller's line and what is expected", () => {
    const mistakes = found("mistakes") as Record<string, { count: number; hasLine: boolean; text: string }>;
    const texts = Object.fromEntries(Object.entries(mistakes).map(([name, { text }]) => [name, text]));
    expect(Object.values(mistakes).map(({ count, hasLine }) => [count, hasLine])).toEqual(Array(6).fill([1, true]));
    expect(texts).toEqual({
      notAnArchetype: expect.stringMatching(/archetype/),
      shape: expect.stringMatching(/Points3D.*positions/),
      enumeration: expect.stringMatching(/TextDocument:media_type/),
      time: expect.stringMatching(/safe integer/),
      milliseconds: expect.stringMatching(/Date/),
      columns: expect.stringMatching(/3.*2|2.*3/),
    });
  });

  it("sinks are values: equal by where they go; a server knows its address before it is used", () => {
    expect(found("sinks")).toEqual({
      equal: true,
      secure: false,
      other: false,
      text: "rerun+http://127.0.0.1:9/proxy",
      uri: true,
    });
  });

  describeWithOracle("for the official tools", () => {
    it("the pieces that two jobs have read are equal recordings", () => {
      const [one, two] = ["job1", "job2"].map((name) => {
        const whole = join(run.folder, `${name}.whole.rrd`);
        const { status, output } = rerun("rrd", "optimize", "-o", whole, join(run.folder, `${name}.rrd`));
        expect(status, output).toBe(0);
        return whole;
      }) as [string, string];
      const { status, output } = rerun("rrd", "compare", "--unordered", one, two);
      expect(status, output).toBe(0);
    });
  });
});
