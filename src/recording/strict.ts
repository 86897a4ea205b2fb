import { environmentSwitch } from "./process/environment.ts";
import { processState } from "./process/process-state.ts";

/**
 * Sets for the whole process whether logging calls throw what is wrong with their arguments (C14). Undefined: as `RERUN_STRICT`
 * says, which is off by default: then a call that cannot be recorded warns once per mistake and line of code, and the program goes on (I1).
 */
export function setStrictMode(strict: boolean | undefined): void {
  processState().strict = strict;
}

/** Per call → per stream → `setStrictMode` → `RERUN_STRICT` → off. Asked only when something went wrong. */
export function isStrict(ofCall: boolean | undefined, ofStream: boolean | undefined): boolean {
  return ofCall ?? ofStream ?? processState().strict ?? environmentSwitch("RERUN_STRICT") ?? false;
}
