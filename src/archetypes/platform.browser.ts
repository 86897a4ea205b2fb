/** A page has no files; `batchesOfFile` tells the user so. */
export function readFileSync(): never {
  throw new Error("a page has no files; give the bytes, as fetch gets them");
}
