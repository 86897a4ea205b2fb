import { RerunError } from "../errors.ts";
import type { ColorModel } from "./generated/enums.ts";
import type { NamedFormat } from "./pixels.ts";
import { crc32, deflateSync } from "./platform.ts";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** PNG's number for a model, its channels, and whether red and blue change places. */
const MODELS: Readonly<Record<keyof typeof ColorModel, readonly [kind: number, channels: number, isSwapped: boolean]>> =
  {
    L: [0, 1, false],
    RGB: [2, 3, false],
    RGBA: [6, 4, false],
    BGR: [2, 3, true],
    BGRA: [6, 4, true],
  };
const BYTES: Readonly<Record<string, number>> = { U8: 1, U16: 2 };

/** Each row differs from the one above by little in most pictures: the filter "up" of the specification. */
const UP = 2;

/**
 * Pixels as a PNG file, without loss.
 * @throws RerunError ERR_RERUN_DATA for a format that PNG does not have.
 */
export function encodePng(pixels: Uint8Array, format: NamedFormat, level: number): Uint8Array {
  const { width, height, colorModel, channelDatatype, pixelFormat } = format ?? {};
  const model = pixelFormat || !colorModel ? undefined : MODELS[colorModel];
  const depth = BYTES[channelDatatype ?? ""];
  if (model === undefined || depth === undefined) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `an image of ${pixelFormat ?? `${colorModel ?? "no colour model"} and ${channelDatatype ?? "no datatype"}`} cannot be compressed; L, RGB, RGBA, BGR and BGRA of U8 or U16 can`,
    );
  }
  const [kind, channels, isSwapped] = model;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8 * depth, kind], 8);
  const rows = filtered(bigEndian(pixels, channels, depth, isSwapped), width * channels * depth, height);
  return joined([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** The samples as PNG has them: red first, the high byte first. */
function bigEndian(pixels: Uint8Array, channels: number, depth: number, isSwapped: boolean): Uint8Array {
  if (depth === 1 && !isSwapped) return pixels;
  const bytes = pixels.slice();
  if (depth === 2) for (let i = 0; i + 1 < bytes.length; i += 2) swap(bytes, i, i + 1);
  if (isSwapped) {
    for (let pixel = 0; pixel < bytes.length; pixel += channels * depth) {
      for (let byte = 0; byte < depth; byte++) swap(bytes, pixel + byte, pixel + 2 * depth + byte);
    }
  }
  return bytes;
}

function swap(bytes: Uint8Array, a: number, b: number): void {
  const first = bytes[a] as number;
  bytes[a] = bytes[b] as number;
  bytes[b] = first;
}

function filtered(pixels: Uint8Array, rowBytes: number, height: number): Uint8Array {
  const rows = new Uint8Array((1 + rowBytes) * height);
  for (let y = 0; y < height; y++) {
    const to = (1 + rowBytes) * y;
    const from = rowBytes * y;
    rows[to] = UP;
    for (let x = 0; x < rowBytes; x++) {
      const above = y === 0 ? 0 : (pixels[from - rowBytes + x] as number);
      rows[to + 1 + x] = (pixels[from + x] as number) - above;
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
