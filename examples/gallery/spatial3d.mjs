// Points, lines, arrows, boxes, solids and a mesh in one 3D scene. Lengths are in metres.
import {
  Arrows3D,
  Boxes3D,
  Capsules3D,
  Cylinders3D,
  Ellipsoids3D,
  LineStrips3D,
  Mesh3D,
  Points3D,
  RecordingStream,
  ViewCoordinates,
} from "otel-rerun";
import { Blueprint, Spatial3DView } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery spatial3d");
rec.save("spatial3d.rrd");
rec.sendBlueprint(
  new Blueprint(
    new Spatial3DView({
      name: "Shapes",
      eyeControls: { position: [4.6, -5.2, 4], lookTarget: [0, 0, 0.6], eyeUp: [0, 0, 1] },
    }),
    { collapsePanels: true },
  ),
);
rec.log("/", ViewCoordinates.RIGHT_HAND_Z_UP, { static: true });

// 4000 points as one flat array: x, y, z, x, y, z … It goes into the file as it is.
const positions = new Float32Array(3 * 4000);
const colors = new Uint32Array(4000); // 0xRRGGBBAA
for (let i = 0; i < 4000; i++) {
  const turn = i * 0.01;
  const wobble = Math.sin(i * 1.7) * 0.12;
  positions.set([(3 + wobble) * Math.cos(turn), (3 + wobble) * Math.sin(turn), i / 1500], 3 * i);
  colors[i] = (255 << 24) | ((i >> 4) << 16) | (80 << 8) | 255;
}
rec.log("points", new Points3D(positions, { colors, radii: 0.02 }));

// Vectors may be arrays or objects too, and one colour or radius holds for all.
const corners = Array.from({ length: 200 }, (_, i) => ({ x: i / 50 - 2, y: -2, z: 1 + 0.4 * Math.sin(i / 8) }));
rec.log("line", new LineStrips3D([corners], { colors: "gold", radii: 0.03 }));
rec.log(
  "arrows",
  new Arrows3D(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    { colors: ["red", "green", "dodgerblue"], labels: ["x", "y", "z"] },
  ),
);
rec.log(
  "boxes",
  new Boxes3D({
    centers: [
      [-1.6, 0, 0.4],
      [-1.6, 0, 1.1],
    ],
    sizes: [
      [0.8, 0.8, 0.8],
      [0.4, 0.4, 0.4],
    ],
    colors: ["#ff8800", "#ffcc66"],
    labels: ["parcel", "lid"],
    fillMode: "Solid",
  }),
);
rec.log("capsule", new Capsules3D(0.8, 0.25, { translations: [1.6, -0.6, 0.3], colors: "orchid", fillMode: "Solid" }));
rec.log("cylinder", new Cylinders3D(1, 0.3, { centers: [1.6, 0.6, 0.5], colors: "teal", fillMode: "Solid" }));
rec.log("ellipsoid", new Ellipsoids3D({ halfSizes: [0.6, 0.35, 0.25], centers: [0, 1.8, 0.5], colors: "tomato" }));

const tip = [0, -1, 1.2];
const base = [
  [-0.6, -1.6, 0],
  [0.6, -1.6, 0],
  [0, -0.4, 0],
];
rec.log(
  "mesh",
  new Mesh3D([...base, tip], {
    triangleIndices: [
      [0, 1, 3],
      [1, 2, 3],
      [2, 0, 3],
      [0, 2, 1],
    ],
    vertexColors: ["crimson", "limegreen", "royalblue", "white"],
  }),
);
await rec.shutdown();
