// A page that records itself: what is drawn on the canvas is logged with otel-rerun, and the viewer on the same page shows it. Nothing
// leaves the page.
import { WebViewer } from "@rerun-io/web-viewer";
import * as rr from "otel-rerun/browser";

const { Blueprint, Horizontal, Spatial2DView, TimeSeriesView } = rr.blueprint;

const viewer = new WebViewer();
await viewer.start(null, document.getElementById("viewer"), {
  width: "100%",
  height: "100vh",
  hide_welcome_screen: true,
});

const rec = rr.init("drawing_pad");
const stream = rec.binaryStream();
rec.sendBlueprint(
  new Blueprint(
    new Horizontal([
      new Spatial2DView({ origin: "/pad", name: "Strokes" }),
      new TimeSeriesView({ origin: "/speed", name: "Speed" }),
    ]),
    { collapsePanels: true },
  ),
);

// Each piece is an RRD stream of its own, as the viewer's channel wants it; one behind the other they are the whole recording.
const pieces = [];
const channel = viewer.open_channel("this page");
const showing = (async () => {
  for await (const piece of stream) {
    pieces.push(piece);
    channel.send_rrd(piece);
  }
})();
showing.catch((error) => console.error(error));

const pad = document.getElementById("pad");
const pen = Object.assign(pad.getContext("2d"), { lineWidth: 3, lineCap: "round" });
const { width, height } = pad;
rec.log("pad", new rr.Boxes2D({ mins: [[0, 0]], sizes: [[width, height]] }), { static: true });

let stroke;
let strokes = 0;
let moves = 0;

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  stroke = { no: strokes++, color: `hsl(${(strokes * 67) % 360} 80% 60%)`, points: [], at: event.timeStamp };
});
pad.addEventListener("pointerup", () => {
  stroke = undefined;
});
pad.addEventListener("pointermove", ({ offsetX, offsetY, timeStamp }) => {
  if (stroke === undefined) return;
  const { points, color, no, at } = stroke;
  const [x, y] = points.at(-1) ?? [offsetX, offsetY];
  const speed = Math.hypot(offsetX - x, offsetY - y) / Math.max(1, timeStamp - at);
  points.push([offsetX, offsetY]);
  stroke.at = timeStamp;

  rr.setTime("move", { sequence: moves++ });
  rr.log(["pad", `stroke ${no}`], new rr.LineStrips2D([points], { colors: [rgb(color)], radii: [2] }));
  rr.log("speed", new rr.Scalars(speed));

  pen.strokeStyle = color;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(offsetX, offsetY);
  pen.stroke();
});

/** A colour of CSS as the browser understands it. */
function rgb(color) {
  pen.fillStyle = color;
  return pen.fillStyle;
}

document.getElementById("download").addEventListener("click", async () => {
  await rec.flush();
  const last = await stream.read();
  if (last !== undefined) {
    pieces.push(last);
    channel.send_rrd(last);
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(pieces, { type: "application/octet-stream" }));
  link.download = "drawing.rrd";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

// for the console, and for the test of this page
Object.assign(window, { rec, viewer });
