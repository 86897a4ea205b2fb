import { RerunError } from "../errors.ts";
import { type FormatVersion, WRITTEN_VERSION } from "./format-version.ts";

/**
 * What stands around the messages of an RRD stream (rrd-format §1).
 *
 *   StreamHeader(12)
 *   { MessageHeader(16)  payload }*
 *   [ MessageHeader(16, kind = End)  RrdFooter  StreamFooter(32) ]     the footer is in `stream-footer.ts`
 *
 * Streams may follow each other in one file. All numbers are little endian.
 */
export const STREAM_HEADER_BYTES = 12;
export const MESSAGE_HEADER_BYTES = 16;

/** ASCII `RRF2`. */
export const MAGIC: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x52, 0x52, 0x46, 0x32);

/** The payload is the bare protobuf message of that name; that of `End` is an `RrdFooter`, or nothing. */
export const MessageKind = { End: 0, SetStoreInfo: 1, ArrowMsg: 2, BlueprintActivationCommand: 3 } as const;
export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind];

export interface MessageHeader {
  /** `undefined` if it is none we know: a reader then tries a stream header in its place. */
  readonly kind: MessageKind | undefined;
  /** Bytes of the payload. May be beyond any file: it is what the bytes say. */
  readonly length: number;
}

const PROTOBUF = 2;
const LZ4 = 1;

/** The oldest minor version of 0.x that readers still take. */
const OLDEST_MINOR = 23;

/** Our chunks are compressed, which each says of itself; readers do not look at the compression here. */
export function encodeStreamHeader({ major, minor, patch, meta }: FormatVersion = WRITTEN_VERSION): Uint8Array {
  return Uint8Array.of(...MAGIC, major, minor, patch, meta, LZ4, PROTOBUF, 0, 0);
}

export function encodeMessageHeader(kind: MessageKind, length: number): Uint8Array {
  const header = new Uint8Array(MESSAGE_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, kind, true);
  view.setBigUint64(8, BigInt(length), true);
  return header;
}

/** Whether a stream begins at `at`; false if the bytes end before that can be said. */
export function isStreamHeader(bytes: Uint8Array, at = 0): boolean {
  return MAGIC.every((byte, i) => bytes[at + i] === byte);
}

/**
 * Reads the 12 bytes at `at`, which must be there.
 * @throws RerunError ERR_RERUN_FORMAT if they are no header, or one of a version or encoding that nobody reads any more.
 */
export function parseStreamHeader(bytes: Uint8Array, at = 0): FormatVersion {
  if (bytes.length - at < STREAM_HEADER_BYTES) throw malformed("it ends inside of its header");
  if (!isStreamHeader(bytes, at)) throw malformed(describeMagic(bytes.subarray(at, at + 4)));
  const [major, minor, patch, meta, , serializer, ...reserved] = bytes.subarray(
    at + 4,
    at + STREAM_HEADER_BYTES,
  ) as Uint8Array & [number, number, number, number, number, number, number, number];
  if (major === 0 && minor < OLDEST_MINOR) {
    throw malformed(`it was written by version ${major}.${minor}.${patch}; \`rerun rrd migrate\` brings it up to date`);
  }
  if (serializer !== PROTOBUF) throw malformed(`its messages are in encoding ${serializer}, only protobuf (2) is read`);
  if (reserved.some((byte) => byte !== 0)) throw malformed("reserved bytes of its header are not zero");
  return { major, minor, patch, meta };
}

/** Reads the 16 bytes at `at`, which must be there. */
export function parseMessageHeader(bytes: Uint8Array, at = 0): MessageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, MESSAGE_HEADER_BYTES);
  const kind = view.getBigUint64(0, true);
  const length = Number(view.getBigUint64(8, true));
  return { kind: kind <= MessageKind.BlueprintActivationCommand ? (Number(kind) as MessageKind) : undefined, length };
}

function describeMagic(magic: Uint8Array): string {
  const text = String.fromCharCode(...magic);
  if (text === "RRF0" || text === "RRF1") return "it was written by a version before 0.23";
  return "it does not begin with RRF2";
}

function malformed(what: string): RerunError {
  return new RerunError("ERR_RERUN_FORMAT", `this is no recording that can be read: ${what}`);
}
