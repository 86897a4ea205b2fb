import { describe, expect, it } from "vitest";
import { Points3D, Scalars } from "../../../src/archetypes/index.ts";

describe("columns", () => {
  it("hold the instances of all rows, one a row", () => {
    const values = Float64Array.of(1, 2, 3);
    expect([...Scalars.columns({ scalars: values })]).toEqual([
      { spec: Scalars.components.scalars, lengths: undefined, values },
    ]);
  });

  it("are partitioned together", () => {
    const columns = Points3D.columns({ positions: new Float32Array(9), radii: [1, 2, 3] }).partition([2, 0, 1]);
    expect([...columns].map(({ lengths }) => lengths)).toEqual([Uint32Array.of(2, 0, 1), Uint32Array.of(2, 0, 1)]);
  });

  it.each([[[-1]], [[1.5]], [[Number.NaN]], [[2 ** 32]]])("refuse lengths %j", (lengths) => {
    expect(() => Scalars.columns({ scalars: [1] }).partition(lengths)).toThrow(/must be a whole number from 0 on/);
  });
});
