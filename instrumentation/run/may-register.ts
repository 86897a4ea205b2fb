import { environmentSwitch } from "../../src/recording/process/environment.ts";
import { processState } from "../../src/recording/process/process-state.ts";
import { isPackageManager } from "./package-managers.ts";

/** Whether this process is to be recorded: not switched off, not a package manager, and not so already. */
export function mayRegister(): boolean {
  return (
    environmentSwitch("RERUN") !== false &&
    !isPackageManager(process.argv[1]) &&
    processState().hooks.adopt === undefined
  );
}
