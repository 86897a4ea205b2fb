import { expect, it } from "vitest";
import { Tensor, Volume3D } from "../../../src/archetypes/index.ts";
import { instances } from "./instances.ts";

it("a tensor is stored as the datatype that is asked for: Float16 has no array on Node 20", () => {
  const data = Float32Array.of(0.5, 1);
  const stored = { shape: [2n], names: null, buffer: { F16: [0.5, 1] } };
  expect(instances(new Tensor(data, { datatype: "F16" }))).toEqual({ "Tensor:data": [stored] });
  expect(instances(new Volume3D({ shape: [2], data, datatype: "F16" }))).toEqual({ "Volume3D:values": [stored] });
});

it("as what the array is when nothing is asked for", () => {
  expect(instances(new Tensor(Uint16Array.of(3)))).toMatchObject({ "Tensor:data": [{ buffer: { U16: [3] } }] });
});

it("a datatype that cannot hold the numbers, or does not exist, is refused", () => {
  expect(() => instances(new Tensor([300], { datatype: "U8" }))).toThrow(/Tensor:data: /);
  expect(() => instances(new Tensor([1], { datatype: "F8" as "F16" }))).toThrow(/Tensor:data: /);
});
