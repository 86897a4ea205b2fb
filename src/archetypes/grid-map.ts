import type { ComponentBatch } from "../rrd/component-batch.ts";
import type { ImageFormat } from "./generated/datatypes.ts";
import { GridMap as GeneratedGridMap, type GridMapOptions } from "./generated/grid-map.ts";
import {
  checkPixels,
  completeFormat,
  type ImagePixels,
  isRawImage,
  type NamedFormat,
  optionsBeside,
  pixelBytes,
  type RawImage,
} from "./pixels.ts";

/**
 * A map of square cells: `new GridMap(cells, { width: 100, height: 80 }, { cellSize: 0.05 })`. What the format leaves out follows from
 * the array, as in an Image. An array whose length does not fit is reported when the map is logged.
 */
export class GridMap extends GeneratedGridMap {
  readonly #pixels: ImagePixels;
  readonly #format: NamedFormat;

  constructor(image: RawImage, options?: GridMapOptions);
  constructor(cells: ImagePixels, format: ImageFormat, options?: GridMapOptions);
  constructor(image: ImagePixels | RawImage, second?: ImageFormat | GridMapOptions, third?: GridMapOptions) {
    const pixels = isRawImage(image) ? image.data : image;
    const given = isRawImage(image) ? image : (second as ImageFormat);
    const format = completeFormat(pixels, given, "color");
    super(pixelBytes(pixels), format, isRawImage(image) ? (second as GridMapOptions) : optionsBeside(given, third));
    this.#pixels = pixels;
    this.#format = format;
  }

  /** @throws RerunError ERR_RERUN_DATA if the cells are not as many as the format says. */
  override asComponentBatches(): readonly ComponentBatch[] {
    checkPixels(this.#pixels, this.#format, "color");
    return super.asComponentBatches();
  }
}
