import { Decompress } from "fzstd";
import { RerunError } from "../../errors.ts";

export const ZSTD_MAGIC = 0xfd2fb528;

/** `zstd -19` looks back no further, and no decoder has to (RFC 8878, 3.1.1.1.2). */
const MAX_WINDOW_BYTES = 8 << 20;

/** What a block unpacks to at most (RFC 8878, 3.1.1.2.4). */
const MAX_BLOCK_BYTES = 128 << 10;

const BLOCK_HEADER_BYTES = 3;

/** What bytes are needed for next. */
type Part =
  | { readonly kind: "frame" }
  | { readonly kind: "skippable"; left: number }
  | { readonly kind: "block"; readonly bytes: number; readonly isLast: boolean };

/**
 * Unpacks zstd, on any Node.
 *
 *   header · block │ block … │ checksum │ header …     frames follow each other, skippable ones are passed over
 *
 * The frames are walked here and a library unpacks their blocks, so that a window is refused before there is memory for it, and what
 * one block becomes is handed on before the next is looked at: a bomb takes a window and a block (I8). Checksums are not compared.
 */
export class ZstdFrames {
  #bytes: Buffer = Buffer.alloc(0);
  #part: Part = { kind: "frame" };
  #hasChecksum = false;
  #frame: Decompress | undefined;
  #unpacked: Uint8Array[] = [];

  /** @throws RerunError ERR_RERUN_FORMAT, or what the library throws when a block is damaged. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk]);
    for (let taken = this.#take(); taken !== undefined; taken = this.#take()) {
      this.#bytes = this.#bytes.subarray(taken);
      yield* this.#unpacked.splice(0);
    }
  }

  /** @throws RerunError ERR_RERUN_FORMAT when something is missing. */
  end(): void {
    if (this.#part.kind !== "frame" || this.#bytes.length > 0) throw damaged("it ends inside of a frame");
  }

  /** How many bytes were dealt with; undefined: more are needed. */
  #take(): number | undefined {
    const part = this.#part;
    if (part.kind === "frame") return this.#takeHeader();
    if (part.kind === "skippable") return this.#skip(part);
    return this.#takeBlock(part);
  }

  #takeHeader(): number | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 8) return undefined;
    const magic = bytes.readUInt32LE();
    if (magic >>> 4 === 0x184d2a5) {
      this.#part = { kind: "skippable", left: bytes.readUInt32LE(4) };
      return this.#part.left === 0 ? this.#endFrame(8) : 8;
    }
    if (magic !== ZSTD_MAGIC) throw damaged("a frame was expected");
    const { length, windowBytes, hasChecksum, hasDictionary } = frameHeader(bytes);
    const end = length + BLOCK_HEADER_BYTES;
    if (bytes.length < end) return undefined;
    if (hasDictionary) throw damaged("it was packed with a dictionary");
    if (windowBytes > MAX_WINDOW_BYTES) throw tooFarBack(windowBytes);
    this.#hasChecksum = hasChecksum;
    this.#frame = new Decompress((piece) => this.#unpacked.push(piece));
    this.#hand(end, false);
    return end;
  }

  /** With the header of the block that follows: without one the library would keep each block that it was given. */
  #takeBlock({ bytes, isLast }: Part & { readonly kind: "block" }): number | undefined {
    const end = bytes + (isLast ? (this.#hasChecksum ? 4 : 0) : BLOCK_HEADER_BYTES);
    if (this.#bytes.length < end) return undefined;
    this.#hand(end, isLast);
    return isLast ? this.#endFrame(end) : end;
  }

  #hand(end: number, isLast: boolean): void {
    if (!isLast) this.#part = blockAt(this.#bytes, end - BLOCK_HEADER_BYTES);
    this.#frame?.push(this.#bytes.subarray(0, end), isLast);
  }

  #skip(part: Part & { readonly kind: "skippable" }): number | undefined {
    if (this.#bytes.length === 0) return undefined;
    const taken = Math.min(part.left, this.#bytes.length);
    part.left -= taken;
    return part.left === 0 ? this.#endFrame(taken) : taken;
  }

  #endFrame(taken: number): number {
    this.#part = { kind: "frame" };
    this.#frame = undefined;
    return taken;
  }
}

interface FrameHeader {
  readonly length: number;
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
  readonly hasDictionary: boolean;
}

/** RFC 8878, 3.1.1.1. */
function frameHeader(bytes: Buffer): FrameHeader {
  const descriptor = bytes[4] as number;
  const isSingleSegment = (descriptor & 32) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag;
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const sizeAt = dictionaryAt + dictionaryBytes;
  const length = sizeAt + sizeBytes;
  const facts = { length, hasChecksum: (descriptor & 4) !== 0, hasDictionary: dictionaryBytes > 0 };
  if (bytes.length < length) return { ...facts, windowBytes: 0 };
  if (!isSingleSegment) {
    const [exponent, eighths] = [(bytes[5] as number) >> 3, (bytes[5] as number) & 7];
    return { ...facts, windowBytes: 2 ** (10 + exponent) * (1 + eighths / 8) };
  }
  const size = sizeBytes === 8 ? Number(bytes.readBigUInt64LE(sizeAt)) : bytes.readUIntLE(sizeAt, sizeBytes);
  return { ...facts, windowBytes: sizeBytes === 2 ? size + 256 : size };
}

/** RFC 8878, 3.1.1.2. */
function blockAt(bytes: Buffer, at: number): Part {
  const header = bytes.readUIntLE(at, BLOCK_HEADER_BYTES);
  const size = header >> 3;
  if (size > MAX_BLOCK_BYTES) throw damaged(`a block of ${size} bytes`);
  const isRepeatedByte = ((header >> 1) & 3) === 1;
  return { kind: "block", bytes: isRepeatedByte ? 1 : size, isLast: (header & 1) === 1 };
}

function damaged(why: string): RerunError {
  return new RerunError("ERR_RERUN_FORMAT", `the zstd data cannot be read: ${why}; unpack it with \`zstd -d\``);
}

function tooFarBack(windowBytes: number): RerunError {
  return new RerunError(
    "ERR_RERUN_FORMAT",
    `the zstd data was packed with a window of ${Math.ceil(windowBytes / 2 ** 20)} MiB, and up to ${MAX_WINDOW_BYTES >> 20} can be read: unpack it with \`zstd -d --long=31\`, or pack it without \`--long\``,
  );
}
