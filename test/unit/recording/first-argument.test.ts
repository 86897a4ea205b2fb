import { beforeEach, expect, it } from "vitest";
import { Arrows3D, Boxes3D, Clear, GeoPoints, Image, Mesh3D } from "../../../src/archetypes/index.ts";
import { Spatial2DView, Vertical } from "../../../src/blueprint.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import { useFakeTransport } from "./fake-transport.ts";

// the stumbles of somebody who knows the Python SDK: each error says what to write instead
beforeEach(() => void useFakeTransport());

it.each([
  [
    () => new Mesh3D({ vertexPositions: [[0, 0, 0]], triangleIndices: [[0, 0, 0]] } as never),
    "new Mesh3D(vertexPositions, { triangleIndices })",
  ],
  [() => new Arrows3D({ vectors: [[1, 0, 0]], origins: [[0, 0, 0]] } as never), "new Arrows3D(vectors, { origins })"],
  [() => new GeoPoints({ positions: [[59, 18]] } as never), "new GeoPoints(positions)"],
  [() => new Clear({ isRecursive: true } as never), "new Clear(isRecursive)"],
  [() => new Image(new Uint8Array(12), [2, 2] as never), "{ width: 640, height: 480 }"],
])("%s", (make, advice) => {
  const rec = new RecordingStream("app", { strict: true });
  expect(() => rec.log("a", make())).toThrow(
    expect.objectContaining({ code: "ERR_RERUN_DATA", message: expect.stringContaining(advice) }),
  );
});

it("a value that is wrong in another way keeps its error", () => {
  const rec = new RecordingStream("app", { strict: true });
  expect(() => rec.log("a", new Mesh3D({ vertices: [] } as never))).toThrow("got an object with vertices");
  expect(() => rec.log("a", new Boxes3D({ halfSizes: "big" } as never))).toThrow("half_sizes");
});

it("views behind one another instead of in an array", () => {
  const view = new Spatial2DView({});
  expect(() => new Vertical(view as never)).toThrow("write new Vertical([…])");
  expect(() => new Vertical([view, 5 as never])).toThrow("got 5 in it");
});
