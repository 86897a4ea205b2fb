import { describe, expectTypeOf, it } from "vitest";
import { GraphEdges, Image, Points3D, Scalars, type SeriesPoints, TextLog } from "../../../src/archetypes/index.ts";

type Arguments<T extends abstract new (...parameters: never[]) => unknown> = ConstructorParameters<T>;

describe("types of constructors", () => {
  it("take the forms of the documentation", () => {
    expectTypeOf(Scalars).toBeConstructibleWith(0.5);
    expectTypeOf(Scalars).toBeConstructibleWith(Float64Array.of(1));
    expectTypeOf(TextLog).toBeConstructibleWith("text", { level: "WARN", color: "red" });
    expectTypeOf(Points3D).toBeConstructibleWith(new Float32Array(3));
    expectTypeOf(Points3D).toBeConstructibleWith([[1, 2, 3]], { colors: [[255, 0, 0], "blue", 0xff00ffff], radii: 1 });
    expectTypeOf(Points3D).toBeConstructibleWith([{ x: 1, y: 2, z: 3 }], { pointShading: "Flat" });
    expectTypeOf(GraphEdges).toBeConstructibleWith([["a", "b"]], { graphType: "Directed" });
    expectTypeOf(Image).toBeConstructibleWith(new Uint8Array(3), { width: 1, height: 1, colorModel: "RGB" });
  });

  it("refuse the wrong ones", () => {
    expectTypeOf<[string]>().not.toExtend<Arguments<typeof Points3D>>();
    expectTypeOf<[{ x: number; y: number }[]]>().not.toExtend<Arguments<typeof Points3D>>();
    expectTypeOf<[]>().not.toExtend<Arguments<typeof TextLog>>();
    expectTypeOf<[number]>().not.toExtend<Arguments<typeof TextLog>>();
    expectTypeOf<[string, { level: number }]>().not.toExtend<Arguments<typeof TextLog>>();
    expectTypeOf<["Circl"]>().not.toExtend<Arguments<typeof SeriesPoints>>();
    expectTypeOf<[Uint8Array, { width: number }]>().not.toExtend<Arguments<typeof Image>>();
    expectTypeOf<"text">().not.toExtend<keyof NonNullable<Arguments<typeof TextLog>[1]>>();
    expectTypeOf<"colour">().not.toExtend<keyof NonNullable<Arguments<typeof Points3D>[1]>>();
  });
});
