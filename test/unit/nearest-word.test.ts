import { expect, it } from "vitest";
import { nearest } from "../../src/nearest-word.ts";

it.each([
  ["rotateByte", ["maxBytes", "rotateBytes"], "rotateBytes"],
  ["image_plane_distance", ["imagePlaneDistance"], "imagePlaneDistance"],
  ["max_bytes", ["max-bytes"], "max-bytes"],
  ["colour", ["labels", "colors"], "colors"],
  ["chunkMaxRowsIfUnsort", ["chunkMaxRowsIfUnsorted"], "chunkMaxRowsIfUnsorted"],
  ["somethingElse", ["colors"], undefined],
])("%s of %j is %s", (word, words, meant) => {
  expect(nearest(word, words)).toBe(meant);
});
