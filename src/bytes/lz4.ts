import { RerunError } from "../errors.ts";
import { type LastSequence, lastSequence } from "./lz4-block.ts";
import { type FixedRows, RowSequences } from "./lz4-rows.ts";

/** The raw exports of the WebAssembly module below the package's own wrapper. */
interface Wasm {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Takes over the input's memory; writes address and length of the result to `result`. */
  compress(result: number, input: number, length: number): void;
  __wbindgen_malloc(length: number): number;
  __wbindgen_free(address: number, length: number): void;
  __wbindgen_add_to_stack_pointer(bytes: number): number;
}

interface Lz4Module {
  readonly __wasm: Wasm;
  decompress(input: Uint8Array): Uint8Array;
}

/** The library puts the decompressed size in front of a block, and wants it there; Rerun has it elsewhere. */
const SIZE_PREFIX_BYTES = 4;

/** A sequence of a block stands for at most 255 bytes per byte, so a size beyond that is a lie (I8). */
const MAX_RATIO = 255;

/** Blocks that are larger are not worth their place in WebAssembly's 4 GiB, which never shrink again. */
export const MAX_BLOCK_BYTES = 1 << 29;

let loaded: Lz4Module | undefined;

/** Loaded when the first chunk is written, not at import: compiling the WebAssembly takes 1–5 ms. */
function lz4(): Lz4Module {
  loaded ??= require("lz4-wasm-nodejs") as Lz4Module;
  return loaded;
}

/** Fewer bytes of rows are not worth two calls more, nor is a smaller part of it all worth a copy of the rest. */
const MIN_ROWS_BYTES = 1024;
const MIN_ROWS_PART = 1 / 16;

/**
 * Compresses `length` bytes that `fill` writes, as a raw LZ4 block, and gives `take` its parts, views that are valid during the call.
 *
 *   malloc ─▶ fill ─▶ compress (frees its input) ─▶ [u32 size | block] ─▶ take ─▶ free
 *
 * The input is built inside of WebAssembly's memory, which saves a copy: 25–40 % of a call at 500 B and at 30 KB. Memory may
 * grow in `malloc` and in `compress`, so views are made anew after both.
 *
 * @param rows where in it values of equal width follow each other without gaps, if there are many.
 */
export function compressBlock<T>(
  length: number,
  fill: (target: Uint8Array) => void,
  take: (...parts: readonly Uint8Array[]) => T,
  rows: readonly FixedRows[] = [],
): T {
  const wasm = lz4().__wasm;
  const input = wasm.__wbindgen_malloc(length);
  try {
    fill(new Uint8Array(wasm.memory.buffer, input, length));
  } catch (error) {
    wasm.__wbindgen_free(input, length);
    throw error;
  }
  const bytes = rows.reduce((sum, { width, count }) => sum + width * count, 0);
  const isWorthIt = bytes >= Math.max(MIN_ROWS_BYTES, length * MIN_ROWS_PART);
  if (!isWorthIt || input % 4 !== 0) return compressOwned(wasm, input, length, take);
  try {
    const at = (rows[0] as FixedRows).at;
    return compressPart(wasm, input, at, (block) => {
      const source = new Uint8Array(wasm.memory.buffer, input, length);
      const words = new Int32Array(wasm.memory.buffer, input, length >> 2);
      const sequences = new RowSequences(source, words, lastSequence(block) as LastSequence, bytes);
      for (const column of rows) sequences.add(column);
      const { restAt } = sequences;
      return compressPart(wasm, input + restAt, length - restAt, (rest) => take(sequences.bytes, rest));
    });
  } finally {
    wasm.__wbindgen_free(input, length);
  }
}

/** A copy of a part of WebAssembly's memory, compressed. */
function compressPart<T>(wasm: Wasm, from: number, length: number, take: (block: Uint8Array) => T): T {
  const copy = wasm.__wbindgen_malloc(length);
  new Uint8Array(wasm.memory.buffer).copyWithin(copy, from, from + length);
  return compressOwned(wasm, copy, length, take);
}

/** Frees the input. */
function compressOwned<T>(wasm: Wasm, input: number, length: number, take: (block: Uint8Array) => T): T {
  const result = wasm.__wbindgen_add_to_stack_pointer(-16);
  let address: number;
  let size: number;
  try {
    wasm.compress(result, input, length);
    const view = new DataView(wasm.memory.buffer);
    address = view.getUint32(result, true);
    size = view.getUint32(result + 4, true);
  } finally {
    wasm.__wbindgen_add_to_stack_pointer(16);
  }
  try {
    return take(new Uint8Array(wasm.memory.buffer, address + SIZE_PREFIX_BYTES, size - SIZE_PREFIX_BYTES));
  } finally {
    wasm.__wbindgen_free(address, size);
  }
}

/**
 * Decompresses a raw block of known size.
 * @throws RerunError ERR_RERUN_FORMAT if it is no LZ4 block or does not have that size.
 */
export function decompressBlock(block: Uint8Array, size: number): Uint8Array {
  if (size > block.length * MAX_RATIO || size > MAX_BLOCK_BYTES * 2) {
    throw new RerunError("ERR_RERUN_FORMAT", `an LZ4 block of ${block.length} bytes cannot hold ${size} bytes`);
  }
  const prefixed = new Uint8Array(SIZE_PREFIX_BYTES + block.length);
  new DataView(prefixed.buffer).setUint32(0, size, true);
  prefixed.set(block, SIZE_PREFIX_BYTES);
  let bytes: Uint8Array;
  try {
    bytes = lz4().decompress(prefixed);
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FORMAT", `a compressed chunk is damaged: ${String(cause)}`, { cause });
  }
  if (bytes.length !== size) {
    throw new RerunError("ERR_RERUN_FORMAT", `a compressed chunk has ${bytes.length} bytes, ${size} were announced`);
  }
  return bytes;
}
