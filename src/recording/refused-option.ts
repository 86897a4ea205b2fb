import { RerunError } from "../errors.ts";

/** An option that is not what it must be: ERR_RERUN_ARGUMENT. */
export function refusedOption(name: string, expected: string, got: unknown): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", `${name} must be ${expected}; got ${String(got)}`);
}
