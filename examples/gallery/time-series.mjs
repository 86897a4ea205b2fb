// Numbers over time: row by row as they come, or a million at once, as lines and as marks.
import { RecordingStream, Scalars, SeriesLines, SeriesPoints, timeColumn } from "otel-rerun";
import { Blueprint, TimePanel, TimeSeriesView, Vertical } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery time series");
rec.save("time-series.rrd");
const axisX = { viewRange: { start: "Infinite", end: "Infinite" } };
rec.sendBlueprint(
  new Blueprint(
    [
      new Vertical([
        new TimeSeriesView({ name: "Joints, rad", origin: "joints", axisX, plotLegend: "LeftTop" }),
        new TimeSeriesView({ name: "Battery, V", origin: "battery", axisX, axisY: [22, 26] }),
      ]),
      new TimePanel({ state: "Collapsed", timeline: "time", playState: "Paused" }),
    ],
    { collapsePanels: true },
  ),
);

// Names and colours are static; several numbers in a row are as many series.
const style = { names: ["shoulder", "elbow", "wrist"], colors: ["tomato", "gold", "deepskyblue"], widths: 2 };
rec.log("joints", new SeriesLines(style), { static: true });
rec.log("battery/low", new SeriesPoints("Cross", { names: "low", colors: "red", markerSizes: 5 }), { static: true });

for (let step = 0; step < 1000; step++) {
  const seconds = step / 50;
  rec.setTime("time", { duration: seconds });
  rec.log("joints", new Scalars([Math.sin(seconds), 0.6 * Math.sin(2 * seconds + 1), 0.3 * Math.cos(5 * seconds)]));
}

// What is there already goes in one call, without a row object for each number.
const times = Float64Array.from({ length: 20_000 }, (_, i) => i / 1000);
const volts = times.map((t) => 25.2 - 0.12 * t + 0.25 * Math.sin(9 * t) * Math.exp(-((t % 5) ** 2)));
rec.sendColumns("battery/voltage", {
  indexes: [timeColumn("time", { duration: times })],
  columns: [Scalars.columns({ scalars: volts })],
});
times.forEach((seconds, i) => {
  if (i % 100 !== 0 || volts[i] > 23.2) return;
  rec.setTime("time", { duration: seconds });
  rec.log("battery/low", new Scalars(volts[i]));
});
await rec.shutdown();
