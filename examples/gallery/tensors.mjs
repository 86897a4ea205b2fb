// Numbers in any number of dimensions, a slice of them as a picture, and a distribution as bars.
import { BarChart, RecordingStream, Tensor } from "otel-rerun";
import { BarChartView, Blueprint, Horizontal, TensorView, Vertical } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery tensors");
rec.save("tensors.rrd");
rec.sendBlueprint(
  new Blueprint(
    new Horizontal(
      [
        new TensorView({
          name: "Attention",
          origin: "attention",
          sliceSelection: {
            width: { dimension: 2, invert: false },
            height: { dimension: 1, invert: false },
            indices: { dimension: 0, index: 3 },
          },
          scalarMapping: { colormap: "Magma" },
        }),
        new Vertical([
          new TensorView({ name: "Kernel", origin: "kernel", scalarMapping: { colormap: "Viridis" } }),
          new BarChartView({ name: "Weights", origin: "histogram" }),
        ]),
      ],
      { columnShares: [3, 2] },
    ),
    { collapsePanels: true },
  ),
);

// A flat array with a shape: 8 heads, 64 queries, 64 keys. The array's type is the tensor's.
const attention = new Float32Array(8 * 64 * 64);
for (let head = 0, i = 0; head < 8; head++) {
  for (let query = 0; query < 64; query++) {
    for (let key = 0; key < 64; key++, i++) {
      attention[i] = Math.exp(-Math.abs(query - key) / (2 + 3 * head)) * (key % (head + 1) === 0 ? 1 : 0.4);
    }
  }
}
rec.log("attention", new Tensor(attention, { shape: [8, 64, 64], dimensionNames: ["head", "query", "key"] }));

// Nested arrays tell their shape themselves; plain numbers would be stored as Float64.
const offsets = Array.from({ length: 17 }, (_, i) => (i - 8) / 4);
const kernel = offsets.map((y) => offsets.map((x) => (1 - (x * x + y * y) / 2) * Math.exp(-(x * x + y * y) / 2)));
rec.log("kernel", new Tensor(kernel, { datatype: "F32" }));

const histogram = Array.from({ length: 41 }, (_, i) => Math.round(1000 * Math.exp(-(((i - 20) / 7) ** 2))));
const abscissa = histogram.map((_, i) => (i - 20) / 10);
rec.log("histogram", new BarChart(histogram, { abscissa, widths: 0.1, color: "mediumpurple" }));
await rec.shutdown();
