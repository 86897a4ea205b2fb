// A video as its encoder yields it: one sample a frame. The clip is AV1 in an IVF file, the simplest of all containers.
import { readFileSync } from "node:fs";
import { RecordingStream, Scalars, VideoStream } from "otel-rerun";
import { Blueprint, Horizontal, Spatial2DView, TimePanel, TimeSeriesView } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery video");
rec.save("video.rrd");
rec.sendBlueprint(
  new Blueprint(
    [
      new Horizontal(
        [
          new Spatial2DView({ name: "Camera", origin: "camera" }),
          new TimeSeriesView({
            name: "Size of the samples, bytes",
            origin: "bytes",
            axisX: { viewRange: { start: "Infinite", end: "Infinite" } },
          }),
        ],
        { columnShares: [2, 1] },
      ),
      new TimePanel({ state: "Collapsed", timeline: "video", playState: "Paused" }),
    ],
    { collapsePanels: true },
  ),
);

// The codec never changes, so it is static; each row then holds one sample.
rec.log("camera", new VideoStream("AV1"), { static: true });
for (const { seconds, sample } of framesOf(readFileSync(new URL("assets/clip.ivf", import.meta.url)))) {
  rec.setTime("video", { duration: seconds });
  rec.log("camera", VideoStream.update({ sample }));
  rec.log("bytes", new Scalars(sample.length));
}
await rec.shutdown();

/** IVF: a header of 32 bytes with the time base, then for each frame its length, its time and its bytes. */
function* framesOf(file) {
  const timeBase = file.readUInt32LE(20) / file.readUInt32LE(16);
  for (let at = 32; at < file.length; ) {
    const length = file.readUInt32LE(at);
    const time = Number(file.readBigUInt64LE(at + 4));
    yield { seconds: time * timeBase, sample: file.subarray(at + 12, at + 12 + length) };
    at += 12 + length;
  }
}
