import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { describeWithOracle, dump } from "../../oracle.ts";
import { type Findings, findings } from "./cases.ts";

/** As rerun-sdk 0.41.0 prints them in a file. A long one is cut to 176 characters before its hash. */
const APPLICATION_IDS: Readonly<Record<string, string | RegExp>> = {
  "plain-id_1 [x]:2": "plain-id_1 [x]:2",
  "my.app": "my-appc742",
  "a/b": /^a-b[0-9a-f]{4}$/,
  zwölf: /^zw-lf[0-9a-f]{4}$/,
  ["x".repeat(180)]: "x".repeat(180),
  ["x".repeat(181)]: /^x{176}[0-9a-f]{4}$/,
};

describe("identity and activity", () => {
  let run: Findings;
  const found = (name: string) => run.found[name];
  beforeAll(async () => {
    const env = { APPLICATION_IDS: JSON.stringify(Object.keys(APPLICATION_IDS)) };
    run = await findings(inject("consumers").plain, "identity", env);
  });

  it("C01 explicit → scoped → isolate → global → none", () => {
    expect(found("order")).toEqual(["none", "global", "isolate", "scoped", "explicit"]);
    expect(found("previous")).toEqual([true, true, "none"]);
  });

  it("C02 disabled or missing recording: no throw, no effect, flush() resolves", () => {
    expect(found("missing")).toEqual([false, null, null]);
    expect(found("disabled")).toEqual([false, "off", "id"]);
    expect(found("disabledMemory")).toBe(0);
  });

  it("C03 RERUN beats defaultEnabled; a junk value warns", () => {
    const on = [true, true];
    const off = [false, false];
    const asGiven = [true, false];
    expect(found("switches")).toEqual({
      ...Object.fromEntries(["1", "TRUE", "on", "yes"].map((value) => [value, on])),
      ...Object.fromEntries(["0", "False", "OFF", "no"].map((value) => [value, off])),
      junk: asGiven,
      "": asGiven,
    });
    const forgotten = expect.stringContaining("save does nothing, since there is no recording"); // of C02
    expect(found("warnings")).toEqual([forgotten, expect.stringContaining("RERUN=junk")]);
  });

  it("C04 constructed streams differ in id; a given id is kept verbatim", () => {
    expect(found("distinct")).toBe(50);
    expect(found("pattern")).toBe(true);
    expect(found("given")).toBe("ünïcode/7 ");
    expect(found("initTwice")).toEqual(["x", "x"]);
    expect(found("isolated")).toEqual([[["left"]], [["right"]]]);
  });

  it("C05 application ids are normalised, with the hash suffix; an empty one is refused", () => {
    const ids = found("applicationIds") as Record<string, string>;
    for (const [given, expected] of Object.entries(APPLICATION_IDS)) {
      if (typeof expected === "string") expect(ids[given]).toBe(expected);
      else expect(ids[given]).toMatch(expected);
    }
    expect(found("emptyApplicationId")).toBe("ERR_RERUN_APPLICATION_ID");
  });

  describeWithOracle("for the official SDK", () => {
    it("C04 C05 the ids are those of the stream", () => {
      const path = join(run.folder, "given.rrd");
      writeFileSync(path, Buffer.from(found("bytes") as string, "base64"));
      expect(dump(path)).toMatchObject([{ applicationId: "my-appc742", recordingId: "ünïcode/7 " }]);
    });
  });
});
