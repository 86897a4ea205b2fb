import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssetVideo } from "../../../src/archetypes/asset-video.ts";
import { mp4FrameTimes } from "../../../src/archetypes/mp4-frame-times.ts";
import { RerunError } from "../../../src/errors.ts";
import { describeWithOracle, oraclePython } from "../../oracle.ts";
import { clipFrames, type Mp4Options, mp4Clip } from "./mp4-clip.ts";

/** As of a stream with B-frames: shown later than decoded, in another order. */
const REORDERED = [1024, 2560, 1024, 0, 512];

const FORMS: [string, Mp4Options][] = [
  ["a plain file", {}],
  ["one with 64-bit headers", { isLong: true }],
  ["one whose frames are shown in another order", { shifts: REORDERED }],
  ["a fragmented one", { framesPerFragment: 10 }],
  ["a fragmented one in another order, with 64-bit times", { framesPerFragment: 7, shifts: REORDERED, isLong: true }],
];

describe("the times of a video's frames", () => {
  it.each(FORMS.filter(([, { shifts }]) => shifts === undefined))("%s: one each 40 ms", (_, options) => {
    expect(mp4FrameTimes(mp4Clip(options))).toEqual(
      BigInt64Array.from(clipFrames(), (_, i) => BigInt(i) * 40_000_000n),
    );
  });

  it("from a path, too; a missing file and what is no MP4 are typed errors", () => {
    const path = join(mkdtempSync(join(tmpdir(), "otel-rerun-mp4-")), "clip.mp4");
    writeFileSync(path, mp4Clip());
    expect(new AssetVideo(path).readFrameTimestamps()).toHaveLength(clipFrames().length);
    expect(() => new AssetVideo("/no/such.mp4").readFrameTimestamps()).toThrow(
      expect.objectContaining({ code: "ERR_RERUN_FILE" }),
    );
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(1, 2, 3),
      Buffer.from("RIFF….WAVE"),
      mp4Clip().subarray(0, 200),
    ]) {
      expect(() => mp4FrameTimes(bytes)).toThrow(expect.objectContaining({ code: "ERR_RERUN_FORMAT" }));
    }
  });

  it("any damage gives times or a typed error, and never more frames than bytes (I8)", () => {
    const forms = FORMS.map(([, options]) => mp4Clip(options));
    // the headers are at the beginning; what is behind them is pictures
    fc.assert(
      fc.property(
        fc.nat(forms.length - 1),
        fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 4 }),
        (form, damage) => {
          const bytes = Uint8Array.from(forms[form] as Uint8Array);
          for (const [at, value] of damage) bytes[at] = value;
          try {
            expect(mp4FrameTimes(bytes).length).toBeLessThanOrEqual(bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(RerunError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  describeWithOracle("for the official SDK", () => {
    it("are the same", () => {
      const folder = mkdtempSync(join(tmpdir(), "otel-rerun-mp4-"));
      const paths = FORMS.map(([, options], i) => {
        const path = join(folder, `${i}.mp4`);
        writeFileSync(path, mp4Clip(options));
        return path;
      });
      const script = `import json, sys, rerun as rr
print(json.dumps([[str(t) for t in rr.AssetVideo(path=path).read_frame_timestamps_nanos()] for path in sys.argv[1:]]))`;
      const { stdout, stderr, status } = spawnSync(oraclePython, ["-c", script, ...paths], { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      expect(FORMS.map(([, options]) => Array.from(mp4FrameTimes(mp4Clip(options)), String))).toEqual(
        JSON.parse(stdout),
      );
    });
  });
});
