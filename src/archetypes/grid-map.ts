import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { GridMap as GeneratedGridMap, type GridMapOptions } from "./generated/grid-map.ts";
import { GivenImage } from "./given-image.ts";
import type { ImagePixels, RawImage } from "./pixels.ts";

/**
 * A map of square cells: `new GridMap(cells, { width: 100, height: 80 }, { cellSize: 0.05 })`. What the format leaves out follows from
 * the array, as in an Image. An array whose length does not fit is reported when the map is logged.
 */
export class GridMap extends GeneratedGridMap {
  readonly #image: GivenImage<GridMapOptions>;

  constructor(image: RawImage, options?: GridMapOptions);
  constructor(cells: ImagePixels, format: ImageFormat, options?: GridMapOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | GridMapOptions, third?: GridMapOptions) {
    const given = new GivenImage<GridMapOptions>(image, second, third, "color");
    super(given.bytes, given.format, given.options);
    this.#image = given;
  }

  /** @throws RerunError ERR_RERUN_DATA if the cells are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    this.#image.check();
    return super.asComponentBatches();
  }
}
