import { expect, it } from "vitest";
import { InstancePoses3D, type Matrix3, Pinhole, Transform3D } from "../../../src/archetypes/index.ts";
import { describeWithOracle, runScript } from "../../oracle.ts";
import { instances } from "./instances.ts";

const flat = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const other = flat.map((n) => -n);
const rows = [flat.slice(0, 3), flat.slice(3, 6), flat.slice(6)];
const columnByColumn = [1, 4, 7, 2, 5, 8, 3, 6, 9];

it.each<[string, Matrix3]>([
  ["three rows", rows],
  ["three rows in typed arrays", rows.map((row) => Float32Array.from(row))],
  ["nine numbers", flat],
  ["nine numbers in a typed array", Float64Array.from(flat)],
])("a matrix as %s is read row by row", (_, mat3x3) => {
  expect(instances(new Transform3D({ mat3x3 }))).toEqual({ "Transform3D:mat3x3": [columnByColumn] });
  expect(instances(new Pinhole({ imageFromCamera: mat3x3 }))).toMatchObject({
    "Pinhole:image_from_camera": [columnByColumn],
  });
});

it("what is no matrix is refused", () => {
  expect(() => instances(new Transform3D({ mat3x3: flat.slice(1) }))).toThrow(/Transform3D:mat3x3: expected/);
});

describeWithOracle("matrices beside the official Python SDK", () => {
  it("are the same nine numbers, in whatever form they come", () => {
    const forms = [
      { array: false, values: flat, ours: flat },
      { array: true, values: flat, ours: Float32Array.from(flat) },
      { array: true, values: rows, ours: rows },
      { array: false, values: [flat, other], ours: [flat, other] },
      { array: true, values: [flat, other], ours: [Float32Array.from(flat), Float32Array.from(other)] },
      { array: true, values: [flat, other], ours: Float32Array.from([...flat, ...other]) },
    ];
    const ours = forms.map(({ ours }) => instances(new InstancePoses3D({ mat3x3: ours }))["InstancePoses3D:mat3x3"]);
    expect(ours).toEqual(runScript("matrices.py", forms));
  });
});
