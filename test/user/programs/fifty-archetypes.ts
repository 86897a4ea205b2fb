// A program that logs 52 archetypes. It is only compiled: against the declarations of the packed package.
import * as rr from "otel-rerun";

const rec = new rr.RecordingStream("fifty");
const format = { width: 2, height: 1 };
const bytes = new Uint8Array(2);

rec.log("3d", [
  rr.ViewCoordinates.RIGHT_HAND_Z_UP,
  new rr.Points3D(new Float32Array(6), { colors: ["red", 0x00ff00ff, [0, 0, 255]], radii: 0.1, labels: ["a", "b"] }),
  new rr.LineStrips3D([[{ x: 0, y: 0, z: 0 }], new Float32Array(6)], { colors: "gold" }),
  new rr.Arrows3D([[1, 0, 0]], { origins: [0, 0, 0], showLabels: true }),
  new rr.Boxes3D({ mins: [0, 0, 0], sizes: [1, 1, 1], fillMode: "Solid" }),
  new rr.Ellipsoids3D({ radii: 1, centers: [[0, 0, 1]] }),
  new rr.Capsules3D([1, 2], [0.1, 0.2], { rotationAxisAngles: { axis: [0, 0, 1], degrees: 45 } }),
  new rr.Cylinders3D(1, 0.5, { quaternions: [0, 0, 0, 1] }),
  new rr.Mesh3D([[0, 0, 0]], { vertexColors: "#ff8800", faceRendering: "Front" }),
  new rr.Asset3D("robot.glb", { albedoFactor: [255, 255, 255, 128] }),
  new rr.GaussianSplats3D([0, 0, 0], { scales: 0.1, sphericalHarmonicsDegree: 0 }),
  new rr.Volume3D({ shape: [1, 1, 2], data: [0, 1], datatype: "F16" }, { colormap: "Inferno" }),
  new rr.VoxelGridMap([[0, 0, 0]], [0.1, 0.1, 0.1], { valueRange: [0, 1] }),
  new rr.GridMap(bytes, format, { cellSize: 0.05 }),
  new rr.InstancePoses3D({ translations: [[1, 2, 3]], mat3x3: [1, 0, 0, 0, 1, 0, 0, 0, 1] }),
  new rr.Transform3D({
    translation: [0, 1, 0],
    rotation: { axis: [0, 0, 1], radians: 1 },
    relation: "ChildFromParent",
  }),
  new rr.TransformAxes3D(1, { showFrame: true }),
  new rr.CoordinateFrame("map"),
  new rr.Pinhole({ focalLength: 500, width: 640, height: 480, cameraXyz: "RDF" }),
]);
rec.log("2d", [
  new rr.Points2D([[1, 2]], { keypointIds: [0], classIds: 1 }),
  new rr.LineStrips2D(
    [
      [
        [0, 0],
        [1, 1],
      ],
    ],
    { drawOrder: 3 },
  ),
  new rr.Arrows2D([1, 1], { labels: "v" }),
  new rr.Boxes2D({ array: [1, 2, 3, 4], arrayFormat: "XYWH" }),
  new rr.Ellipses2D([[2, 1]], { lineRadii: -1 }),
  new rr.AnnotationContext([[0, "road", "gray"], { id: 1, label: "car" }]),
]);
rec.log("pictures", [
  new rr.Image(bytes, { ...format, colorModel: "L" }),
  new rr.DepthImage(new Uint16Array(2), format, { meter: 1000, colormap: "Turbo" }),
  new rr.SegmentationImage(bytes, format),
  new rr.EncodedImage(new URL("file:///photo.jpg"), { opacity: 0.5 }),
  new rr.EncodedDepthImage(bytes, { depthRange: [0, 5] }),
  new rr.AssetVideo("drive.mp4"),
  new rr.VideoFrameReference({ seconds: 1.5 }, { videoReference: "pictures" }),
  new rr.VideoStream("H264", { sample: bytes, isKeyframe: true }),
  new rr.AssetAudio(bytes, { mediaType: "audio/wav" }),
]);
rec.log("numbers", [
  new rr.Scalars([1, 2.5]),
  new rr.SeriesLines({ names: ["a", "b"], widths: 2, interpolationMode: "StepAfter" }),
  new rr.SeriesPoints("Cross", { markerSizes: [3] }),
  new rr.Measurements([1], { variances: 0.1, units: "m/s²" }),
  new rr.Tensor(new Float32Array(6), { shape: [2, 3], dimensionNames: ["y", "x"] }),
  new rr.BarChart([1, 2, 3], { abscissa: [0, 1, 2] }),
]);
rec.log("others", [
  new rr.TextLog("hello", { level: rr.TextLogLevel.Info, color: "red" }),
  new rr.TextDocument("# hello", { mediaType: "text/markdown" }),
  new rr.StateChange("open"),
  new rr.StateConfiguration({ values: ["open"], colors: ["green"] }),
  new rr.GraphNodes(["a", "b"], { positions: [0, 0, 1, 1] }),
  new rr.GraphEdges([["a", "b"]], { graphType: "Directed" }),
  new rr.GeoPoints({ lat: 59.3, lon: 18 }, { radii: -3 }),
  new rr.GeoLineStrings([[{ lat: 59.3, lon: 18 }]], { colors: "blue" }),
  new rr.McapMessage(bytes),
  new rr.McapChannel({ id: 1, topic: "/imu", messageEncoding: "cdr" }),
  new rr.McapSchema({ id: 1, name: "Imu", encoding: "ros2msg", data: bytes }),
  rr.Clear.recursive(),
  new rr.RecordingInfo({ name: "run", startTime: new Date() }),
]);
rec.log("changes", [rr.Points3D.update({ radii: [1, 2] }, { clearUnset: true }), rr.Mesh3D.clear()]);
rec.sendColumns("columns", {
  indexes: [rr.timeColumn("frame", { sequence: [1, 2] })],
  columns: [
    rr.Scalars.columns({ scalars: [1, 2] }),
    rr.Points3D.columns({ positions: new Float32Array(9) }).partition([1, 2]),
  ],
});

// @ts-expect-error positions are numbers
new rr.Points3D(["1"]);
// @ts-expect-error no such field
new rr.Points3D([[1, 2, 3]], { colour: "red" });
// @ts-expect-error no such value of the enum
new rr.Boxes3D({ halfSizes: [1, 1, 1], fillMode: "solid" });
// @ts-expect-error no such level of detail: an image needs width and height
new rr.Image(bytes, { width: 2 });
// @ts-expect-error a required argument
new rr.TextLog();
