import { expect, it } from "vitest";
import { barsOf } from "../../../../src/telemetry/layout/bars.ts";

it.each([
  ["from the first to the last that counted", [1, 10, 1000, 10000], [0, 2, 0, 1, 0], [0, 1, 3], [1, 2, 1], [2, 0, 1]],
  ["the lowest as wide as the next", [1, 100], [3, 1, 0], [-2, 0], [2, 2], [3, 1]],
  ["the highest as wide as the one before", [10, 1000], [0, 0, 7], [3], [2], [7]],
  ["zeros and what is below in the lowest", [-5, 0, 10, 100], [1, 2, 3, 4, 0], [0, 1], [1, 1], [6, 4]],
  ["one bound: a power of ten on both sides", [10], [1, 2], [0, 1], [1, 1], [1, 2]],
])("bars stand on powers of ten: %s", (_, bounds, counts, starts, widths, heights) => {
  expect(barsOf({ bounds, counts })).toEqual({ starts, widths, heights });
});

it.each([
  ["nothing was counted", [1, 2], [0, 0, 0]],
  ["there are no bounds", [], [9]],
  ["none is above 0", [-1, 0], [1, 1, 1]],
  ["a bound is no number", [1, Number.NaN], [1, 1, 1]],
  ["a bound is infinite", [1, Number.POSITIVE_INFINITY], [1, 1, 1]],
])("there are none where %s", (_, bounds, counts) => {
  expect(barsOf({ bounds, counts })).toBeUndefined();
});
