import { RerunError } from "../../errors.ts";

/** Bytes that are read where they are needed. `size` is what was there when it was made. */
export interface ByteSource {
  readonly size: number;
  open(): Promise<OpenBytes>;
}

export interface OpenBytes {
  /** The bytes from `at`; fewer than `length` only if a file became shorter since. Not to be written to. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function memorySource(bytes: Uint8Array): ByteSource {
  const open: OpenBytes = {
    read: async (at, length) => bytes.subarray(at, at + length),
    close: async () => {},
  };
  return { size: bytes.length, open: async () => open };
}

/**
 * Takes a stream to its end: which recordings it holds is known only then. Memory is what came, once more while it is joined.
 */
export async function streamSource(stream: AsyncIterable<Uint8Array>): Promise<ByteSource> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream) {
    if (!(piece instanceof Uint8Array)) {
      throw new RerunError(
        "ERR_RERUN_ARGUMENT",
        "a stream of a recording gives Uint8Arrays; this one gives something else",
      );
    }
    pieces.push(piece);
    size += piece.length;
  }
  if (pieces.length === 1) return memorySource(pieces[0] as Uint8Array);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return memorySource(bytes);
}
