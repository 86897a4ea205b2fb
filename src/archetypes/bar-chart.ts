import { RerunError } from "../errors.ts";
import type { ComponentBatch } from "../rrd/component-batch.ts";
import { type BarChartOptions, BarChart as GeneratedBarChart } from "./generated/bar-chart.ts";
import type { TensorLike } from "./tensor-data.ts";

/** Bars of these heights, one beside the other: `new BarChart([8, 4, 0, 9])`. */
export class BarChart extends GeneratedBarChart {
  readonly #values: TensorLike;

  constructor(values: TensorLike, options?: BarChartOptions) {
    super(values, options);
    this.#values = values;
  }

  /** @throws RerunError ERR_RERUN_DATA for arrays of arrays, which would be several charts: a viewer shows the first. */
  override asComponentBatches(): readonly ComponentBatch[] {
    const [first]: readonly unknown[] = Array.isArray(this.#values) ? this.#values : [];
    if (Array.isArray(first)) {
      throw new RerunError(
        "ERR_RERUN_DATA",
        "BarChart: a chart is one array of numbers; log each of several as its own",
      );
    }
    return super.asComponentBatches();
  }
}
