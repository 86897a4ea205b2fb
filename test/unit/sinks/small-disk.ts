import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FileLayer, nodeFiles } from "../../../src/sinks/file/file-layer.ts";

/** The files of a folder as if they were alone on a disk of so many bytes, which may change. */
export class SmallDisk {
  readonly files: FileLayer;
  capacity = Number.POSITIVE_INFINITY;
  #folder = "";

  constructor() {
    this.files = {
      ...nodeFiles,
      write: (fd, bytes, offset, length) => {
        const wanted = Math.min(length, Math.max(0, this.capacity - this.used));
        if (wanted === 0) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC" });
        return nodeFiles.write(fd, bytes, offset, wanted);
      },
    };
  }

  mount(folder: string): void {
    this.#folder = folder;
  }

  get used(): number {
    if (this.#folder === "") return 0;
    let bytes = 0;
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith(".lock")) bytes += statSync(join(this.#folder, name)).size;
    }
    return bytes;
  }
}
