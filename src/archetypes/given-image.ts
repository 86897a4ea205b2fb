import type { ImageFormat } from "./generated/datatypes.ts";
import {
  checkPixels,
  completeFormat,
  type ImagePixels,
  type NamedFormat,
  type PixelMeaning,
  pixelBytes,
  type RawImage,
} from "./pixels.ts";

const FORMAT_FIELDS = ["width", "height", "pixelFormat", "colorModel", "channelDatatype"];

/** What the archetypes that are made of pixels are given: pixels, their format and options, or both of the first in one object. */
export class GivenImage<Options extends object> {
  readonly pixels: ImagePixels;
  /** With what follows from the pixels. */
  readonly format: NamedFormat;
  readonly options: Options | undefined;
  readonly #meaning: PixelMeaning;

  constructor(
    image: ImagePixels | RawImage,
    second: ImageFormat | Options | undefined,
    third: Options | undefined,
    meaning: PixelMeaning,
  ) {
    const isRaw = isRawImage(image);
    const format = isRaw ? image : (second as ImageFormat);
    this.pixels = isRaw ? image.data : image;
    this.format = completeFormat(this.pixels, format, meaning);
    this.options = isRaw ? (second as Options | undefined) : optionsBeside(format, third);
    this.#meaning = meaning;
  }

  /** A number for each pixel, and no colours. */
  get isOfNumbers(): boolean {
    return this.#meaning === "number";
  }

  get bytes(): Uint8Array | ArrayBuffer {
    return pixelBytes(this.pixels);
  }

  /** @throws RerunError ERR_RERUN_DATA if the pixels are not as many as the format says. */
  check(): void {
    checkPixels(this.pixels, this.format, this.#meaning);
  }
}

/** Whether pixels come with their format. */
function isRawImage(image: unknown): image is RawImage {
  return typeof image === "object" && image !== null && !ArrayBuffer.isView(image) && "data" in image;
}

/** The options with what is in the format and belongs to them, or to nothing: the archetype says so then. */
function optionsBeside<Options extends object>(format: ImageFormat, options: Options | undefined): Options | undefined {
  const others = Object.entries(format ?? {}).filter(([name]) => !FORMAT_FIELDS.includes(name));
  return others.length === 0 ? options : ({ ...Object.fromEntries(others), ...options } as Options);
}
