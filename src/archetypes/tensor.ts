import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ChannelDatatype } from "./generated/enums.ts";
import { Tensor as GeneratedTensor, type TensorOptions as GeneratedTensorOptions } from "./generated/tensor.ts";
import { type NestedNumbers, type TensorArray, type TensorLike, tensorOf } from "./tensor-data.ts";

export interface TensorOptions extends GeneratedTensorOptions {
  /** Length of each dimension; the product is the length of the data. */
  readonly shape?: readonly number[] | undefined;
  /** Names of the dimensions, e.g. `["height", "width", "channel"]`. */
  readonly dimensionNames?: readonly string[] | undefined;
  /** What is stored, e.g. `F16`. Default: as the array. */
  readonly datatype?: ChannelDatatype | undefined;
}

/**
 * Numbers in any number of dimensions: `new Tensor(new Float32Array(24), { shape: [2, 3, 4] })`, nested arrays, or objects with
 * `shape` and `data`. The datatype is that of the array; plain numbers are Float64.
 */
export class Tensor extends GeneratedTensor {
  readonly #data: TensorLike | NestedNumbers;
  readonly #options: TensorOptions | undefined;

  constructor(data: TensorLike | NestedNumbers, options?: TensorOptions) {
    super([]);
    this.#data = data;
    this.#options = options;
  }

  /** @throws RerunError ERR_RERUN_DATA if nested arrays are not equally long. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const { shape, dimensionNames, datatype, ...options } = this.#options ?? {};
    const given = tensorOf(this.#data) ?? { data: this.#data as TensorArray };
    const tensor = {
      data: given.data,
      shape: shape ?? given.shape ?? [given.data?.length ?? 0],
      names: dimensionNames ?? given.names,
      datatype: datatype ?? given.datatype,
    };
    return new GeneratedTensor(tensor as TensorLike, options).asComponentBatches();
  }
}
