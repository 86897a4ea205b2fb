import { xxHash32 } from "../bytes/xxhash.ts";

/** The end of a finished stream, of fixed size so that it is found from the end of a file (rrd-format §1.3). */
export interface StreamFooter {
  /** Of the `RrdFooter`'s first byte, from the beginning of the file. */
  readonly offset: number;
  readonly length: number;
  /** xxHash32 of the `RrdFooter`, see `footerChecksum`. */
  readonly checksum: number;
}

export const STREAM_FOOTER_BYTES = 32;

const CHECKSUM_SEED = 7850921;

/** ASCII. */
const MAGIC = "RRF2FOOT";
const MAGIC_AT = 20;

export function footerChecksum(footer: Uint8Array): number {
  return xxHash32(footer, CHECKSUM_SEED);
}

export function encodeStreamFooter({ offset, length, checksum }: StreamFooter): Uint8Array {
  const bytes = new Uint8Array(STREAM_FOOTER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(offset), true);
  view.setBigUint64(8, BigInt(length), true);
  view.setUint32(16, checksum, true);
  for (let i = 0; i < MAGIC.length; i++) bytes[MAGIC_AT + i] = MAGIC.charCodeAt(i);
  view.setUint32(28, 1, true); // so many (offset, length, checksum) before the magic
  return bytes;
}

/** Reads the 32 bytes at `at`, which must be there; undefined if they are no footer. */
export function parseStreamFooter(bytes: Uint8Array, at = 0): StreamFooter | undefined {
  for (let i = 0; i < MAGIC.length; i++) if (bytes[at + MAGIC_AT + i] !== MAGIC.charCodeAt(i)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, STREAM_FOOTER_BYTES);
  if (view.getUint32(28, true) !== 1) return undefined;
  return {
    offset: Number(view.getBigUint64(0, true)),
    length: Number(view.getBigUint64(8, true)),
    checksum: view.getUint32(16, true),
  };
}
