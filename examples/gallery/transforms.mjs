// Frames that move in frames: a two-armed robot, a camera in its hand, and a crowd of instances of one shape.
import {
  Boxes3D,
  Cylinders3D,
  InstancePoses3D,
  Pinhole,
  RecordingStream,
  Transform3D,
  TransformAxes3D,
  ViewCoordinates,
} from "otel-rerun";
import { Blueprint, Spatial3DView, TimePanel } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery transforms");
rec.save("transforms.rrd");
rec.sendBlueprint(
  new Blueprint(
    [
      new Spatial3DView({
        name: "Arm",
        eyeControls: { position: [2.6, -2.6, 2], lookTarget: [0, 0, 0.6], eyeUp: [0, 0, 1] },
      }),
      new TimePanel({ state: "Collapsed", timeline: "time", loopMode: "All" }),
    ],
    { collapsePanels: true },
  ),
);
rec.log("/", ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });

// What does not change is logged once. Each path is a frame of its own; its transform leads into the frame above it.
const link = new Boxes3D({ centers: [0, 0, 0.35], sizes: [0.12, 0.12, 0.7], colors: "orange", fillMode: "Solid" });
rec.log("base", new Cylinders3D(0.1, 0.3, { colors: "dimgray", fillMode: "Solid" }), { static: true });
rec.log("base/shoulder", [link, new TransformAxes3D(0.3)], { static: true });
rec.log("base/shoulder/elbow", [link, new TransformAxes3D(0.3)], { static: true });
rec.log("base/shoulder/elbow/hand", new TransformAxes3D(0.2), { static: true });
rec.log(
  "base/shoulder/elbow/hand/camera",
  new Pinhole({ fovY: 0.9, aspectRatio: 4 / 3, cameraXyz: "RDF", imagePlaneDistance: 0.5, color: "deepskyblue" }),
  { static: true },
);

for (let step = 0; step < 200; step++) {
  const seconds = step / 40;
  rec.setTime("time", { duration: seconds });
  rec.log("base/shoulder", new Transform3D({ rotation: { axis: [0, 1, 0], degrees: 25 + 20 * Math.sin(seconds) } }));
  rec.log(
    "base/shoulder/elbow",
    new Transform3D({ translation: [0, 0, 0.7], rotation: { axis: [0, 1, 0], degrees: 50 + 30 * Math.cos(seconds) } }),
  );
  rec.log(
    "base/shoulder/elbow/hand",
    new Transform3D({ translation: [0, 0, 0.7], rotation: { axis: [0, 0, 1], radians: seconds } }),
  );
}

// One shape, many poses: these do not touch the frames below the entity.
const places = Array.from({ length: 24 }, (_, i) => (i / 24) * 2 * Math.PI);
rec.log(
  "crowd",
  [
    new Boxes3D({ halfSizes: [0.08, 0.03, 0.05], colors: "mediumpurple", fillMode: "Solid" }),
    new InstancePoses3D({
      translations: places.map((turn) => [1.5 * Math.cos(turn), 1.5 * Math.sin(turn), 0]),
      rotationAxisAngles: places.map((turn) => ({ axis: [0, 0, 1], radians: turn })),
    }),
  ],
  { static: true },
);
await rec.shutdown();
