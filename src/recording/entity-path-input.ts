import { RerunError } from "../errors.ts";
import { entityPath } from "../rrd/entity-path.ts";

/** `"world/points"`, or the parts as they are: `["world", "a/b", 3]` has a part with a slash in it. */
export type EntityPathInput = string | readonly (string | number)[];

/**
 * One string for a path as the user gave it; strings are only parsed when they are new to the pipeline.
 * @throws RerunError ERR_RERUN_ARGUMENT if it is neither a string nor parts.
 */
export function entityPathOf(input: EntityPathInput): string {
  if (typeof input === "string") return input;
  if (Array.isArray(input)) return entityPath(...input);
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `an entity path is a string or an array of its parts, got ${typeof input}`,
  );
}
