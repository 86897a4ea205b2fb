import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import { type Accept, knownEnumName } from "./accept.ts";
import { ChannelDatatype } from "./generated/enums.ts";
import type { NumericArray } from "./value-types.ts";

export type TensorArray = readonly number[] | NumericArray | BigInt64Array | BigUint64Array;

/** N-dimensional numbers: flat in row-major order with their shape, or just the numbers of a one-dimensional one. */
export type TensorLike =
  | TensorArray
  | {
      /** Length of each dimension; the product is the length of `data`. */
      readonly shape: readonly number[];
      /** A plain array is stored as Float64, a typed array as what it is. */
      readonly data: TensorArray;
      /** Names of the dimensions. */
      readonly names?: readonly string[] | null | undefined;
      /** What is stored, e.g. `F16`, for which Node 20 has no array. Default: as the array. */
      readonly datatype?: ChannelDatatype | null | undefined;
    };

/** Numbers in arrays of arrays; those of one depth must be equally long. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

interface ShapedTensor {
  readonly data: TensorArray;
  readonly shape?: readonly number[];
  readonly names?: readonly string[] | null | undefined;
  readonly datatype?: ChannelDatatype | null | undefined;
}

const FIELDS = ["shape", "data", "names", "datatype"];

const VARIANTS: Partial<Record<string, string>> = {
  Uint8Array: "U8",
  Uint8ClampedArray: "U8",
  Uint16Array: "U16",
  Uint32Array: "U32",
  BigUint64Array: "U64",
  Int8Array: "I8",
  Int16Array: "I16",
  Int32Array: "I32",
  BigInt64Array: "I64",
  Float16Array: "F16",
  Float32Array: "F32",
  Float64Array: "F64",
};

/**
 * Tensors as the struct of the format: shape, names, and a union of buffers. The empty array is no tensor (it clears); a tensor
 * without numbers is an empty typed array.
 */
export const acceptTensors: Accept = (value) => {
  if (Array.isArray(value) && typeof value[0] !== "number") return value.map(acceptTensors);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const data = value as unknown as ArrayLike<number>;
    return { shape: [data.length], names: null, buffer: bufferOf(data) };
  }
  if (typeof value !== "object" || value === null || !("data" in value)) return value;
  checkFields(value);
  const { shape, data, names, datatype } = value as {
    shape: readonly number[];
    data: ArrayLike<number>;
    names?: readonly string[];
    datatype?: ChannelDatatype;
  };
  if (typeof shape?.reduce !== "function" || typeof data?.length !== "number") {
    throw new RerunError("ERR_RERUN_DATA", "a tensor is an array of numbers, or { shape, data } with two arrays");
  }
  if (names !== undefined && names !== null && names.length !== shape.length) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `names are ${names.length} and dimensions ${shape.length}; name all of them, or none`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `shape ${shape.join(" × ")} needs ${size} numbers, ${data.length} were given`,
    );
  }
  return { shape, names: names ?? null, buffer: bufferOf(data, datatype) };
};

/** Arrays of libraries have fields of their own; in an object that was written for us, one that is not known is a mistake. */
function checkFields(value: object): void {
  if (Object.getPrototypeOf(value) !== Object.prototype) return;
  for (const name of Object.keys(value)) {
    if (FIELDS.includes(name)) continue;
    throw new RerunError("ERR_RERUN_DATA", `a tensor has no ${JSON.stringify(name)}; it has ${FIELDS.join(", ")}`);
  }
}

/** What a user gave for one tensor, flat; `undefined` where it is nothing of the kind. */
export function tensorOf(given: unknown): ShapedTensor | undefined {
  if (ArrayBuffer.isView(given)) return { data: given as unknown as TensorArray };
  if (Array.isArray(given)) return ofNested(given);
  if (typeof given !== "object" || given === null || !("data" in given)) return undefined;
  checkFields(given);
  return given as ShapedTensor;
}

function ofNested(given: readonly unknown[]): ShapedTensor {
  const shape: number[] = [];
  for (let inner: unknown = given; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  const data = given.flat(Number.POSITIVE_INFINITY) as number[];
  if (data.length !== shape.reduce((product, length) => product * length, 1)) {
    throw new RerunError("ERR_RERUN_DATA", `nested arrays that begin with ${shape.join(" × ")} are not equally long`);
  }
  return { data, shape };
}

function bufferOf(data: ArrayLike<number>, datatype?: ChannelDatatype | null): Record<string, unknown> {
  if (datatype !== undefined && datatype !== null) return { [knownEnumName(ChannelDatatype, datatype)]: data };
  if (!ArrayBuffer.isView(data)) return { F64: data };
  const tag = typedArrayTag(data);
  const variant = VARIANTS[tag];
  if (variant === undefined) throw new RerunError("ERR_RERUN_DATA", `a tensor cannot be made from ${tag}`);
  return { [variant]: variant === "U8" ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data };
}
