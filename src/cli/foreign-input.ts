import { closeSync, openSync, readSync, statSync } from "node:fs";
import { detectFormat, HEAD_BYTES } from "../bridges/detect.ts";

/** The first file among arguments that is telemetry of another tool, which has to be converted first. */
export function foreignInput(args: readonly string[]): string | undefined {
  return args.find((path) => {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    const head = Buffer.alloc(HEAD_BYTES);
    const file = openSync(path, "r");
    try {
      return detectFormat(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0))) !== undefined;
    } finally {
      closeSync(file);
    }
  });
}
