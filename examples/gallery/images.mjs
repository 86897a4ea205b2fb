// Colour, depth and class of every pixel, an encoded picture, and how depth becomes points in 3D.
import {
  AnnotationContext,
  DepthImage,
  EncodedImage,
  Image,
  Pinhole,
  RecordingStream,
  SegmentationImage,
  ViewCoordinates,
} from "otel-rerun";
import { Blueprint, Grid, Spatial2DView, Spatial3DView } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery images");
rec.save("images.rrd");
rec.sendBlueprint(
  new Blueprint(
    new Grid(
      [
        new Spatial2DView({ name: "Colour", origin: "camera/color" }),
        new Spatial2DView({ name: "Depth", origin: "camera/depth" }),
        new Spatial2DView({ name: "Classes", origin: "camera/classes" }),
        new Spatial2DView({ name: "PNG from a file", origin: "logo" }),
        new Spatial3DView({
          name: "Depth in space",
          contents: "camera/depth",
          eyeControls: { position: [1.5, -1.5, -2], lookTarget: [0, 0, 2.4], eyeUp: [0, -1, 0] },
        }),
      ],
      { gridColumns: 3 },
    ),
    { collapsePanels: true },
  ),
);

// A ball in front of a wall, as a depth camera would see it.
const [width, height] = [160, 120];
const color = new Uint8Array(width * height * 3);
const depth = new Uint16Array(width * height); // millimetres
const classes = new Uint8Array(width * height);
for (let y = 0, i = 0; y < height; y++) {
  for (let x = 0; x < width; x++, i++) {
    const bulge = 1 - ((x - 80) ** 2 + (y - 60) ** 2) / 45 ** 2;
    const isBall = bulge > 0;
    depth[i] = isBall ? 2600 - 700 * Math.sqrt(bulge) : 3000;
    classes[i] = isBall ? 1 : y > 95 ? 2 : 0;
    color.set(isBall ? [90 + 165 * bulge, 60, 40] : [40, 90 + y, 120 + x / 2], 3 * i);
  }
}

// Width and height are all that has to be said: RGB follows from the length, 16 bits from the array.
rec.log("camera/color", new Image(color, { width, height }));
rec.log("camera/depth", new DepthImage(depth, { width, height }, { meter: 1000, colormap: "Viridis" }));
rec.log("camera/depth", new Pinhole({ focalLength: 120, width, height, cameraXyz: "RDF" }));
rec.log("/", ViewCoordinates.RDF, { static: true });
rec.log(
  "camera/classes",
  new AnnotationContext([
    [0, "wall", "slategray"],
    [1, "ball", "tomato"],
    [2, "floor", "peru"],
  ]),
  { static: true },
);
rec.log("camera/classes", new SegmentationImage(classes, { width, height }));

// Files are read when they are logged and stay as they are; the media type follows from the name or the bytes.
rec.log("logo", new EncodedImage(new URL("assets/otel-rerun.png", import.meta.url)));
await rec.shutdown();
