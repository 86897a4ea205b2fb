import { RerunError } from "../errors.ts";

/** A page has no files; `batchesOfFile` tells the user so. */
export function readFileSync(): never {
  throw new Error("a page has no files; give the bytes, as fetch gets them");
}

/** What a page can compress, it cannot compress here and now. @throws RerunError ERR_RERUN_DATA */
export function deflateSync(): never {
  throw new RerunError(
    "ERR_RERUN_DATA",
    "a page compresses images by its canvas: log an EncodedImage of `canvas.toBlob`",
  );
}

export const crc32: (bytes: Uint8Array) => number = deflateSync;
