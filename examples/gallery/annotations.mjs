// One context names and colours the classes; images, boxes and points below it only carry ids.
import { AnnotationContext, Boxes2D, Points2D, Points3D, RecordingStream, SegmentationImage } from "otel-rerun";
import { Blueprint, Horizontal, Spatial2DView, Spatial3DView } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery annotations");
rec.save("annotations.rrd");
rec.sendBlueprint(
  new Blueprint(
    new Horizontal(
      [
        new Spatial2DView({ name: "Camera", origin: "camera" }),
        new Spatial3DView({
          name: "Skeleton",
          origin: "skeleton",
          eyeControls: { position: [0.6, -4, 1.4], lookTarget: [0, 0, 1], eyeUp: [0, 0, 1] },
        }),
      ],
      { columnShares: [3, 2] },
    ),
    { collapsePanels: true },
  ),
);

// Keypoints are parts of a class, with lines between them.
const joints = ["head", "neck", "hip", "left hand", "right hand", "left foot", "right foot"];
rec.log(
  "/",
  new AnnotationContext([
    [0, "free", "#1c2733"],
    [1, "road", "slategray"],
    [2, "car", "tomato"],
    {
      id: 3,
      label: "person",
      color: "gold",
      keypoints: joints.map((label, id) => ({ id, label, color: "white" })),
      connections: [
        [0, 1],
        [1, 2],
        [1, 3],
        [1, 4],
        [2, 5],
        [2, 6],
      ],
    },
  ]),
  { static: true },
);

const [width, height] = [320, 200];
const classes = new Uint8Array(width * height);
for (let y = 0, i = 0; y < height; y++) {
  for (let x = 0; x < width; x++, i++) classes[i] = Math.abs(x - 160) < 20 + (y - 80) && y > 80 ? 1 : 0;
}
rec.log("camera/classes", new SegmentationImage(classes, { width, height }));
rec.log(
  "camera/boxes",
  new Boxes2D({
    array: [
      [130, 90, 60, 40],
      [215, 85, 22, 60],
    ],
    arrayFormat: "XYWH",
    classIds: [2, 3],
  }),
);
rec.log(
  "camera/tracks",
  new Points2D(
    [
      [160, 140],
      [158, 160],
      [155, 185],
    ],
    { classIds: 2, radii: 4 },
  ),
);
rec.log(
  "skeleton",
  new Points3D(
    [
      [0, 0, 1.8],
      [0, 0, 1.5],
      [0, 0, 0.9],
      [-0.6, 0, 1.2],
      [0.5, 0, 1.9],
      [-0.25, 0, 0],
      [0.25, 0, 0],
    ],
    { classIds: 3, keypointIds: [...joints.keys()], radii: 0.05 },
  ),
);
await rec.shutdown();
