import { open, stat } from "node:fs/promises";
import { RerunError } from "../../errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** Files are read in slices of at least this: a call costs as much as 100 KB, headers are 16 bytes. */
const SLICE_BYTES = 1 << 20;

/** @throws RerunError ERR_RERUN_FILE */
export async function fileSource(path: string | URL): Promise<ByteSource> {
  const { size } = await reading(path, () => stat(path));
  return {
    size,
    open: () =>
      reading(path, async () => {
        const file = await open(path);
        let slice = new Uint8Array(0);
        let sliceAt = 0;

        async function load(at: number, length: number): Promise<Uint8Array> {
          // a slice of its own: the last one may still be in use
          const target = new Uint8Array(length);
          let filled = 0;
          while (filled < length) {
            const { bytesRead } = await file.read(target, filled, length - filled, at + filled);
            if (bytesRead === 0) break;
            filled += bytesRead;
          }
          return target.subarray(0, filled);
        }

        return {
          read: (at, wanted) =>
            reading(path, async () => {
              const length = Math.max(0, Math.min(wanted, size - at));
              if (length >= SLICE_BYTES) return load(at, length);
              if (at < sliceAt || at + length > sliceAt + slice.length) {
                slice = (await load(at, Math.min(SLICE_BYTES, size - at))) as Uint8Array<ArrayBuffer>;
                sliceAt = at;
              }
              return slice.subarray(at - sliceAt, at - sliceAt + length);
            }),
          close: () => file.close(),
        };
      }),
  };
}

async function reading<T>(path: string | URL, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new RerunError("ERR_RERUN_FILE", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
