import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The clip of the gallery: AV1 at 25 frames a second. */
export function clipFrames(): Buffer[] {
  const file = readFileSync(fileURLToPath(new URL("../../../examples/gallery/assets/clip.ivf", import.meta.url)));
  const frames: Buffer[] = [];
  for (let at = 32; at < file.length; ) {
    const length = file.readUInt32LE(at);
    frames.push(file.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

export interface Mp4Options {
  /** One fragment for so many frames; undefined: a plain file. */
  readonly framesPerFragment?: number;
  /** Added to the display time of each frame in turn, in units of the clock. */
  readonly shifts?: readonly number[];
  /** 64-bit headers where there are such. */
  readonly isLong?: boolean;
}

const TIMESCALE = 12_800;
const DURATION = TIMESCALE / 25;
const [WIDTH, HEIGHT] = [320, 180];

/** The clip as an MP4 (ISO/IEC 14496-12; AV1 in it by the binding of AOMedia). */
export function mp4Clip({ framesPerFragment, shifts = [], isLong = false }: Mp4Options = {}): Uint8Array {
  const frames = clipFrames();
  const shift = (at: number): number => shifts[at % Math.max(1, shifts.length)] ?? 0;
  const version = isLong ? 1 : 0;
  const time = (value: number): Buffer => (isLong ? u64(value) : u32(value));
  const isPlain = framesPerFragment === undefined;
  const total = frames.length * DURATION;
  const header = box("ftyp", text("isom"), u32(0x200), text("isomiso6av01"));
  const movie = (dataAt: number): Buffer =>
    box(
      "moov",
      full(
        "mvhd",
        version,
        0,
        time(0),
        time(0),
        u32(TIMESCALE),
        time(isPlain ? total : 0),
        u32(0x10000),
        u16(0x100),
        zeros(10),
        MATRIX,
        zeros(24),
        u32(2),
      ),
      box(
        "trak",
        full(
          "tkhd",
          version,
          3,
          time(0),
          time(0),
          u32(1),
          zeros(4),
          time(isPlain ? total : 0),
          zeros(16),
          MATRIX,
          u32(WIDTH << 16),
          u32(HEIGHT << 16),
        ),
        box(
          "mdia",
          full("mdhd", version, 0, time(0), time(0), u32(TIMESCALE), time(isPlain ? total : 0), u32(0x55c40000)),
          full("hdlr", 0, 0, zeros(4), text("vide"), zeros(13)),
          box(
            "minf",
            full("vmhd", 0, 1, zeros(8)),
            box("dinf", full("dref", 0, 0, u32(1), full("url ", 0, 1))),
            box(
              "stbl",
              full("stsd", 0, 0, u32(1), sampleEntry(frames[0] as Buffer)),
              full("stts", 0, 0, ...(isPlain ? [u32(1), u32(frames.length), u32(DURATION)] : [u32(0)])),
              ...(isPlain && shifts.length > 0
                ? [full("ctts", 0, 0, u32(frames.length), ...frames.flatMap((_, at) => [u32(1), u32(shift(at))]))]
                : []),
              full("stsc", 0, 0, ...(isPlain ? [u32(1), u32(1), u32(frames.length), u32(1)] : [u32(0)])),
              full(
                "stsz",
                0,
                0,
                u32(0),
                ...(isPlain ? [u32(frames.length), ...frames.map(({ length }) => u32(length))] : [u32(0)]),
              ),
              full("stco", 0, 0, ...(isPlain ? [u32(1), u32(dataAt)] : [u32(0)])),
              full("stss", 0, 0, ...(isPlain ? [u32(1), u32(1)] : [u32(0)])),
            ),
          ),
        ),
      ),
      ...(isPlain ? [] : [box("mvex", full("trex", 0, 0, u32(1), u32(1), u32(DURATION), u32(0), u32(0)))]),
    );
  if (isPlain) {
    const dataAt = header.length + movie(0).length + 8;
    return Buffer.concat([header, movie(dataAt), box("mdat", ...frames)]);
  }
  const fragments: Buffer[] = [];
  for (let from = 0; from < frames.length; from += framesPerFragment) {
    const part = frames.slice(from, from + framesPerFragment);
    const run = (dataAt: number): Buffer =>
      box(
        "moof",
        full("mfhd", 0, 0, u32(1 + from / framesPerFragment)),
        box(
          "traf",
          full("tfhd", 0, 0x20000, u32(1)),
          full("tfdt", version, 0, time(from * DURATION)),
          full(
            "trun",
            0,
            0x1 | 0x4 | 0x200 | (shifts.length > 0 ? 0x800 : 0),
            u32(part.length),
            u32(dataAt),
            u32(from === 0 ? 0x2000000 : 0x1010000),
            ...part.flatMap(({ length }, i) => [u32(length), ...(shifts.length > 0 ? [u32(shift(from + i))] : [])]),
          ),
        ),
      );
    fragments.push(run(run(0).length + 8), box("mdat", ...part));
  }
  return Buffer.concat([header, movie(0), ...fragments]);
}

function sampleEntry(firstFrame: Buffer): Buffer {
  const configuration = box("av1C", Buffer.of(0x81, 0x00, 0x0c, 0x00), sequenceHeader(firstFrame));
  return box(
    "av01",
    zeros(6),
    u16(1),
    zeros(16),
    u16(WIDTH),
    u16(HEIGHT),
    u32(0x480000),
    u32(0x480000),
    zeros(4),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    configuration,
  );
}

/** The open bitstream unit that says how the others are coded; each has a header byte, and its size as a LEB128. */
function sequenceHeader(frame: Buffer): Buffer {
  for (let at = 0; at < frame.length; ) {
    const kind = ((frame[at] as number) >> 3) & 15;
    let size = 0;
    let sizeBytes = 0;
    for (let byte = 0x80; byte & 0x80; sizeBytes++) {
      byte = frame[at + 1 + sizeBytes] as number;
      size |= (byte & 0x7f) << (7 * sizeBytes);
    }
    const end = at + 1 + sizeBytes + size;
    if (kind === 1) return frame.subarray(at, end);
    at = end;
  }
  throw new Error("the clip has no sequence header");
}

const text = (value: string): Buffer => Buffer.from(value, "latin1");
const zeros = (length: number): Buffer => Buffer.alloc(length);
function u16(value: number): Buffer {
  const bytes = zeros(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
function u32(value: number): Buffer {
  const bytes = zeros(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
function u64(value: number): Buffer {
  const bytes = zeros(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
function box(type: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(8 + parts.reduce((sum, { length }) => sum + length, 0)), text(type), ...parts]);
}
function full(type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer {
  return box(type, u32((version << 24) | flags), ...parts);
}
const MATRIX = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));
