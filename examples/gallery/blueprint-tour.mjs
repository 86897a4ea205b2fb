// A dashboard by code: containers in containers, tabs, panels, and values that one view shows in its own way.
import { Image, RecordingStream, Scalars, SeriesLines, SeriesPoints, TextDocument, TextLog } from "otel-rerun";
import {
  Blueprint,
  BlueprintPanel,
  DataframeView,
  Grid,
  Horizontal,
  SelectionPanel,
  Spatial2DView,
  Tabs,
  TextDocumentView,
  TextLogView,
  TimePanel,
  TimeSeriesView,
  Vertical,
  Visualizer,
} from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery blueprint tour");
rec.save("blueprint-tour.rrd");

const axisX = { viewRange: { start: "Infinite", end: "Infinite" } };
const blueprint = new Blueprint([
  new Horizontal(
    [
      new Vertical(
        [
          // `contents` chooses by path: everything below the origin, but not the noise
          new TimeSeriesView({ name: "Motors", origin: "motors", contents: ["$origin/**", "- $origin/noise"], axisX }),
          // `overrides` draw one entity in another way, in this view only; `defaults` are for those without a value
          new TimeSeriesView({
            name: "One motor, as line and marks",
            origin: "motors",
            contents: "motors/left",
            overrides: {
              "motors/left": [
                new Visualizer("SeriesLines", { overrides: SeriesLines.update({ colors: "gray", widths: 1 }) }),
                new Visualizer("SeriesPoints", {
                  overrides: SeriesPoints.update({ colors: "orange", markers: "Diamond", markerSizes: 4 }),
                }),
              ],
            },
            axisX,
            axisY: { range: [-1.5, 1.5], zoomLock: true },
            plotLegend: { visible: false },
            background: { color: "#101820", showGrid: true },
          }),
        ],
        { rowShares: [2, 1] },
      ),
      new Tabs(
        [
          new Grid(
            [
              new Spatial2DView({ name: "Camera", origin: "camera" }),
              new TextLogView({ name: "Log", origin: "log" }),
              new TextDocumentView({ name: "Read me", origin: "readme" }),
              new DataframeView({ name: "Table", origin: "motors", query: { timeline: "time" } }),
            ],
            { name: "Details", gridColumns: 1, rowShares: [3, 2, 2, 3] },
          ),
          new TimeSeriesView({ name: "Noise", origin: "motors/noise", axisX }),
        ],
        { activeTab: "Details" },
      ),
    ],
    { columnShares: [3, 2] },
  ),
  new BlueprintPanel({ state: "Collapsed" }),
  new SelectionPanel({ state: "Collapsed" }),
  new TimePanel({ state: "Expanded", timeline: "time", playState: "Paused" }),
]);
rec.sendBlueprint(blueprint);
// The same layout as a file of its own, for all recordings of the application: `rerun data.rrd blueprint-tour.rbl`
blueprint.save("blueprint-tour.rbl", rec.applicationId);

for (let step = 0; step < 200; step++) {
  const seconds = step / 20;
  rec.setTime("time", { duration: seconds });
  rec.log("motors/left", new Scalars(Math.sin(seconds)));
  rec.log("motors/right", new Scalars(Math.sin(seconds + 0.5) * 0.9));
  rec.log("motors/noise", new Scalars(((step * 7919) % 101) / 100));
  if (step % 25 === 0) rec.log("log", new TextLog(`lap ${step / 25}`, { level: "INFO" }));
}
const pixels = Uint8Array.from({ length: 96 * 64 * 3 }, (_, i) => ((i % 288) + Math.floor(i / 288) * (i % 3)) % 256);
rec.log("camera", new Image(pixels, { width: 96, height: 64 }), { static: true });
rec.log("readme", new TextDocument("Views are **found by origin**.", { mediaType: "text/markdown" }), { static: true });
await rec.shutdown();
