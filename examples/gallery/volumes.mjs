// Things without a surface: a voxel map, Gaussian splats and a cloud of densities. Needs a viewer from 0.41 on.
import { GaussianSplats3D, RecordingStream, Volume3D, VoxelGridMap } from "otel-rerun";
import { Blueprint, Horizontal, Spatial3DView } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery volumes");
rec.save("volumes.rrd");
const eyeControls = { position: [3, -4, 3], lookTarget: [0, 0, 0.3], eyeUp: [0, 0, 1] };
rec.sendBlueprint(
  new Blueprint(
    new Horizontal(
      ["voxels", "splats", "density"].map((name) => new Spatial3DView({ name, origin: name, eyeControls })),
    ),
    { collapsePanels: true },
  ),
);

// Voxels are counted from the corner of the grid; hills, coloured by their height.
const side = 32;
const voxelIndices = [];
const heights = [];
for (let x = 0; x < side; x++) {
  for (let y = 0; y < side; y++) {
    const z = Math.round(5 + 3 * Math.sin(x / 5) + 2 * Math.cos(y / 4));
    voxelIndices.push([x, y, z]);
    heights.push(z);
  }
}
rec.log(
  "voxels",
  new VoxelGridMap(voxelIndices, [0.1, 0.1, 0.1], {
    values: heights,
    valueRange: [0, 10],
    translation: [-1.6, -1.6, -0.4],
  }),
);

// Each splat is a soft ellipsoid; alpha is its opacity.
const count = 600;
const along = Array.from({ length: count }, (_, i) => (i / count) * 4 * Math.PI);
rec.log(
  "splats",
  new GaussianSplats3D(
    along.map((turn, i) => [Math.cos(turn), Math.sin(turn), (2 * i) / count - 0.7]),
    {
      scales: along.map((_, i) => [0.06 + 0.04 * Math.sin(i), 0.06, 0.03]),
      quaternions: along.map((turn) => [0, 0, Math.sin(turn / 2), Math.cos(turn / 2)]),
      colors: along.map((_, i) => [255 - Math.round(i / 3), 80 + Math.round(i / 4), 200, 160]),
      sphericalHarmonicsDegree: 0,
    },
  ),
);

// Densities with the slowest axis first: depth, height, width. Viewers draw those of 16-bit floats.
const cells = 48;
const density = new Float32Array(cells ** 3);
for (let z = 0, i = 0; z < cells; z++) {
  for (let y = 0; y < cells; y++) {
    for (let x = 0; x < cells; x++, i++) {
      const [dx, dy, dz] = [x, y, z].map((at) => (2 * at) / (cells - 1) - 1);
      const ring = Math.hypot(Math.hypot(dx, dy) - 0.6, dz);
      density[i] = Math.max(0, 1 - ring / 0.3);
    }
  }
}
rec.log(
  "density",
  new Volume3D(
    { shape: [cells, cells, cells], data: density, datatype: "F16" },
    {
      voxelSize: [0.05, 0.05, 0.05],
      translation: [-1.2, -1.2, -0.9],
      gamma: 1,
      opticalDensity: 4,
      colormap: "Inferno",
    },
  ),
);
await rec.shutdown();
