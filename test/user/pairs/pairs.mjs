// The calls of `pairs.py` made with this package: writes <FOLDER>/<name>.rrd for each function below.
import { join } from "node:path";
import * as rr from "otel-rerun";

const MOMENT = new Date(Date.UTC(2024, 4, 17, 12, 30, 15));
const range = (length, of = (i) => i) => Array.from({ length }, (_, i) => of(i));
const scalars = (...values) => [rr.Scalars.columns({ scalars: values })];
const index = (name, values) => rr.timeColumn(name, values);

const pairs = {
  one_row(rec) {
    rec.log("a", new rr.Scalars(1.5));
  },
  many_rows(rec) {
    for (let i = 0; i < 100; i++) {
      rec.setTime("frame", { sequence: i });
      rec.log("wave", new rr.Scalars(i * 0.5));
    }
  },
  sequence_time(rec) {
    rec.setTime("frame", { sequence: -5 });
    rec.log("a", new rr.Scalars(1));
    rec.setTime("frame", { sequence: 2n ** 62n });
    rec.log("a", new rr.Scalars(2));
  },
  duration_time(rec) {
    rec.log("a", new rr.Scalars(1), { time: { age: { duration: 1.25 } } });
    rec.log("a", new rr.Scalars(2), { time: { age: { duration: -0.5 } } });
  },
  timestamp_time(rec) {
    rec.withTime({ taken: { timestamp: MOMENT } }, () => rec.log("a", new rr.Scalars(1)));
    rec.setTime("taken", { timestamp: 1700000000.5 });
    rec.log("a", new rr.Scalars(2));
  },
  nanosecond_times(rec) {
    rec.setTime("taken", { timestamp: { nanos: 1700000000123456789n } });
    rec.setTime("age", { duration: { nanos: 987654321n } });
    rec.log("a", new rr.Scalars(1));
  },
  three_timelines(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.setTime("age", { duration: 2 });
    rec.setTime("taken", { timestamp: MOMENT });
    rec.log("a", new rr.Scalars(1));
    rec.setTime("frame", { sequence: 2 });
    rec.log("a", new rr.Scalars(2));
  },
  disabled_timeline(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.setTime("step", { sequence: 10 });
    rec.log("a", new rr.Scalars(1));
    rec.disableTimeline("step");
    rec.log("a", new rr.Scalars(2));
    rec.disableTimeline("never set");
    rec.log("a", new rr.Scalars(3));
  },
  reset_times(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.log("a", new rr.Scalars(1));
    rec.resetTime();
    rec.log("a", new rr.Scalars(2));
    rec.setTime("step", { sequence: 2 });
    rec.log("a", new rr.Scalars(3));
  },
  log_tick(rec) {
    rec.setLogTickEnabled(true);
    rec.log("a", new rr.Scalars(1));
    rec.log("b", new rr.Scalars(2), { static: true });
    rec.logTickEnabled = false;
    rec.log("a", new rr.Scalars(3));
    rec.logTickEnabled = true;
    rec.log("a", new rr.Scalars(4));
  },
  no_log_time(rec) {
    rec.logTimeEnabled = false;
    rec.setTime("frame", { sequence: 1 });
    rec.log("a", new rr.Scalars(1));
  },
  static_row(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.log("world", rr.ViewCoordinates.RIGHT_HAND_Y_UP, { static: true });
    rec.log("note", new rr.TextDocument("# Title", { mediaType: "text/markdown" }), { static: true });
  },
  static_twice(rec) {
    rec.log("a", new rr.Scalars(1), { static: true });
    rec.log("a", new rr.Scalars(2), { static: true });
  },
  several_entities(rec) {
    rec.setTime("frame", { sequence: 3 });
    for (const i of range(5)) rec.log(`robot/arm${i}/joint`, new rr.Scalars(i));
  },
  several_archetypes_in_one_row(rec) {
    rec.log("points", [new rr.Points3D([[1, 2, 3]]), rr.anyValues({ confidence: [0.5] })]);
  },
  any_values(rec) {
    rec.log("any", rr.anyValues({ text: "x", ratio: 0.25, flag: true, many: ["a", "b"] }));
  },
  text_logs(rec) {
    for (const level of ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"]) {
      rec.log("log", new rr.TextLog(`message at ${level}`, { level }));
    }
    rec.log("log", new rr.TextLog("coloured", { color: [255, 0, 0] }));
  },
  points(rec) {
    const positions = Float32Array.of(0, 0, 0, 1, 2, 3);
    rec.log(
      "points",
      new rr.Points3D(positions, {
        colors: ["#ff0000", [0, 255, 0, 128]],
        radii: [0.5, 1],
        labels: ["one", "zwölf"],
        classIds: [1, 2],
      }),
    );
    const flat = [
      [1, 2],
      [3, 4],
    ];
    rec.log("flat", new rr.Points2D(flat, { drawOrder: 5 }));
  },
  lines_and_boxes(rec) {
    const strips = [range(2, (i) => [i, i, i]), range(3, (i) => [i + 2, i + 2, i + 2])];
    rec.log("strips", new rr.LineStrips3D(strips));
    rec.log("boxes", new rr.Boxes2D({ centers: [[1, 1]], halfSizes: [[2, 3]], labels: ["box"] }));
    rec.log("arrows", new rr.Arrows3D([[1, 0, 0]], { origins: [[0, 0, 0]] }));
  },
  image(rec) {
    rec.log("image", new rr.Image(Uint8Array.from(range(24)), { width: 4, height: 2, colorModel: "RGB" }));
    rec.log("depth", new rr.DepthImage(Uint16Array.from(range(6)), { width: 3, height: 2 }, { meter: 1000 }));
  },
  tensor(rec) {
    rec.log("tensor", new rr.Tensor(Float32Array.from(range(24)), { shape: [2, 3, 4] }));
  },
  bar_chart(rec) {
    rec.log("bars", new rr.BarChart([8, 4, 0]));
  },
  cleared(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.log("a/b", new rr.Points2D([[1, 2]]));
    rec.setTime("frame", { sequence: 2 });
    rec.log("a/b", rr.Clear.flat());
    rec.log("a", rr.Clear.recursive());
  },
  partial_update(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.log("p", new rr.Points3D([[1, 2, 3]], { colors: [[255, 0, 0]] }));
    rec.setTime("frame", { sequence: 2 });
    rec.log("p", rr.Points3D.update({ radii: [3] }));
  },
  empty_component(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.log("p", new rr.Points2D([[1, 2]]));
    rec.setTime("frame", { sequence: 2 });
    rec.log("p", new rr.Points2D([]));
  },
  name_and_start(rec) {
    rec.sendRecordingName("a name");
    rec.sendRecordingStartTime(new Date(1700000000000));
    rec.log("a", new rr.Scalars(1));
  },
  renamed(rec) {
    rec.sendRecordingName("first");
    rec.sendRecordingName("second");
    rec.log("a", new rr.Scalars(1));
  },
  properties(rec) {
    rec.sendProperty("camera left", rr.anyValues({ serial: "x-17" }));
    rec.sendProperty("situation", new rr.TextDocument("rain"));
    rec.log("a", new rr.Scalars(1));
  },
  path_parts(rec) {
    rec.log(["world", "a/b c", 3], new rr.Scalars(1));
    rec.log("with space/and-dash_.dot", new rr.Scalars(2));
    rec.log("//doubled///slashes/", new rr.Scalars(3));
  },
  unicode_paths(rec) {
    rec.log(["straße", "日本", "tab\tnewline\n"], new rr.Scalars(1));
  },
  scalar_columns(rec) {
    const indexes = [index("frame", { sequence: [1, 2, 3] }), index("age", { duration: [0.5, 1, 1.5] })];
    rec.sendColumns("wave", { indexes, columns: scalars(0.1, 0.2, 0.3) });
  },
  timestamp_columns(rec) {
    const indexes = [index("taken", { timestamp: [1700000000, 1700000000.5, new Date(1700000001000)] })];
    rec.sendColumns("wave", { indexes, columns: scalars(1, 2, 3) });
  },
  partitioned_columns(rec) {
    const positions = range(3, (i) => [i + 1, i + 1]);
    rec.sendColumns("points", {
      indexes: [index("frame", { sequence: [10, 20, 30] })],
      columns: rr.Points2D.columns({ positions, radii: [1, 2, 3] }).partition([2, 0, 1]),
    });
  },
  static_columns(rec) {
    rec.sendColumns("constant", { indexes: [], columns: scalars(4.5) });
  },
  rows_and_columns(rec) {
    rec.setTime("frame", { sequence: 1 });
    rec.log("wave", new rr.Scalars(1));
    rec.sendColumns("wave", { indexes: [index("frame", { sequence: [2, 3] })], columns: scalars(2, 3) });
  },
  unsorted_times(rec) {
    for (const frame of [5, 3, 9, 1]) {
      rec.setTime("frame", { sequence: frame });
      rec.log("a", new rr.Scalars(frame));
    }
  },
  state_and_graph(rec) {
    rec.log("graph", [
      new rr.GraphNodes(["a", "b"], { labels: ["A", "B"] }),
      new rr.GraphEdges([["a", "b"]], { graphType: "Directed" }),
    ]);
  },
  transforms(rec) {
    rec.log("world/robot", new rr.Transform3D({ translation: [1, 2, 3], scale: 2 }));
    rec.log("world/robot/camera", new rr.Pinhole({ focalLength: 3, width: 4, height: 2 }));
  },
};

for (const [name, log] of Object.entries(pairs)) {
  const rec = new rr.RecordingStream("pairs", { recordingId: name, sendProperties: false, strict: true });
  rec.save(join(process.env.FOLDER, `${name}.rrd`));
  log(rec);
  await rec.shutdown({ timeoutMillis: 60_000 });
}
