import { RerunError } from "../../errors.ts";
import { compressionOf } from "../input/decompress.ts";
import { isExportRequest } from "./wire.ts";

/** How messages follow each other: the first alone, each after its length as a varint, or after 4 bytes big-endian (Collector's file exporter). */
export type Framing = "single" | "varint" | "be32";

/** More bytes of a varint than a length can have. */
const MAX_VARINT = 5;

export interface Frame {
  /** Where the message begins, behind its length. */
  readonly start: number;
  readonly length: number;
}

/** The frame at `at`; undefined: more bytes are needed. @throws RerunError ERR_RERUN_FORMAT for a length that cannot be. */
export function frameAt(bytes: Buffer, at: number, framing: "varint" | "be32"): Frame | undefined {
  if (framing === "be32") {
    return bytes.length - at < 4 ? undefined : { start: at + 4, length: bytes.readUInt32BE(at) };
  }
  return varintAt(bytes, at);
}

export function varintAt(bytes: Buffer, at: number): Frame | undefined {
  let length = 0;
  for (let i = 0; i < MAX_VARINT; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { start: at + i + 1, length };
  }
  throw new RerunError("ERR_RERUN_FORMAT", "this is no OTLP protobuf: a length is out of range");
}

/**
 * The framing, by the first bytes of an input; undefined if it is no OTLP protobuf.
 *
 *   single   0a 9d 04 0a …         field 1, its length, the resource
 *   varint   a0 04 0a 9d 04 0a …   the message's length before it
 *   be32     00 00 02 20 0a 9d …   the same in 4 bytes; each message may be packed by itself
 *
 * @param isWhole nothing follows `head`; else the last message may be cut.
 */
export function framingOf(head: Buffer, isWhole: boolean): Framing | undefined {
  if (head[0] === 0x0a && looksLike(head, 0, head.length, isWhole)) return "single";
  for (const framing of ["be32", "varint"] as const) {
    const frame = frameOrNone(head, framing);
    if (frame === undefined || frame.length === 0) continue;
    const end = frame.start + frame.length;
    if (end > head.length && isWhole) continue;
    if (framing === "be32" && compressionOf(head.subarray(frame.start)) !== undefined) return framing;
    if (head[frame.start] !== 0x0a) continue;
    if (looksLike(head, frame.start, Math.min(end, head.length), end <= head.length)) return framing;
  }
  return undefined;
}

function frameOrNone(head: Buffer, framing: "varint" | "be32"): Frame | undefined {
  try {
    return frameAt(head, 0, framing);
  } catch {
    return undefined;
  }
}

/** Of a message that is not whole at least its first resource must be plausible: it begins with a message of its own. */
function looksLike(head: Buffer, start: number, end: number, isWhole: boolean): boolean {
  if (isWhole && isExportRequest(head.subarray(start, end))) return true;
  let at = start;
  let resources = 0;
  while (at < end && head[at] === 0x0a) {
    const frame = frameOrNone(head.subarray(at + 1, end) as Buffer, "varint");
    if (frame === undefined) break;
    const first = head[at + 1 + frame.start];
    if (frame.length > 0 && first !== undefined && first !== 0x0a && first !== 0x12 && first !== 0x1a) return false;
    resources++;
    at += 1 + frame.start + frame.length;
  }
  return resources > 0 && at >= end;
}
