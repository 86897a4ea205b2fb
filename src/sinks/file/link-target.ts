import { readlinkSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** As many as Linux follows. */
const MAX_LINKS = 40;

/** The file that a symbolic link leads to, whether that is there or not; the path itself if it is none. Folders are left as they are. */
export function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      const link = readlinkSync(target);
      target = resolve(realpathSync(dirname(target)), link);
    } catch {
      return target;
    }
  }
  return path;
}
