// What a detector draws over a picture: boxes, a path, arrows, points and ellipses. Lengths are in pixels, y points down.
import { Arrows2D, Boxes2D, Ellipses2D, LineStrips2D, Points2D, RecordingStream } from "otel-rerun";
import { Blueprint, Spatial2DView, TimePanel } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery spatial2d");
rec.save("spatial2d.rrd");
rec.sendBlueprint(
  new Blueprint(
    [
      new Spatial2DView({
        name: "Detections",
        background: "#10151c",
        visualBounds: { xRange: [0, 640], yRange: [0, 400] },
      }),
      new TimePanel({ state: "Collapsed", timeline: "frame", playState: "Playing", loopMode: "All" }),
    ],
    { collapsePanels: true },
  ),
);

rec.log("zone", new Ellipses2D([220, 130], { centers: [320, 200], colors: "#33aa5588", labels: "safe zone" }), {
  static: true,
});

const path = [];
for (let frame = 0; frame < 120; frame++) {
  rec.setTime("frame", { sequence: frame });
  const turn = (frame / 120) * 2 * Math.PI;
  const [x, y] = [320 + 200 * Math.cos(turn), 200 + 90 * Math.sin(2 * turn)];
  const velocity = [-30 * Math.sin(turn), 27 * Math.cos(2 * turn)];
  path.push([x, y]);

  rec.log("robot", new Boxes2D({ centers: [x, y], sizes: [60, 40], colors: "orange", labels: "robot" }));
  rec.log("robot/velocity", new Arrows2D(velocity, { origins: [x, y], colors: "white", radii: 1.5 }));
  rec.log("path", new LineStrips2D([path], { colors: "deepskyblue", radii: 1 }));
  rec.log(
    "landmarks",
    new Points2D(
      [
        [90, 80],
        [550, 90],
        [320, 340],
      ],
      { colors: ["tomato", "gold", "violet"], radii: 6, labels: ["door", "lift", "dock"] },
    ),
  );
}
await rec.shutdown();
