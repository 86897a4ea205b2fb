import { RerunError } from "./errors.ts";
import { kindOf } from "./kind-of.ts";
import { nearest } from "./nearest-word.ts";

/** Of recordings (src/recording/internals.ts), which anybody may take for options. */
const RECORDING = Symbol.for("otel-rerun/1 internals");

/** What our own code adds to the options of users: the free functions the first, the others are `@internal`. */
const HANDED_ON: ReadonlySet<string> = new Set(["recording", "isHeld", "attachedTo"]);

/** The names of an interface's options; the compiler sees to it that none is missing and none made up. */
export function optionNames<T>(names: Readonly<Record<keyof T, true>>): readonly string[] {
  return Object.keys(names);
}

/**
 * What is wrong with the options of a call, if anything: a misspelt one would do nothing, and nobody would know.
 *
 * @param call what the user knows it by
 */
export function wrongOptions(call: string, options: unknown, names: readonly string[]): RerunError | undefined {
  if (options === undefined || options === null) return undefined;
  if (typeof options !== "object" || Array.isArray(options)) {
    const expected = `the options of ${call} are { ${names.join(", ")} }`;
    return new RerunError("ERR_RERUN_ARGUMENT", `${expected}, got ${kindOf(options)}`);
  }
  if (RECORDING in options) {
    return new RerunError("ERR_RERUN_ARGUMENT", `name the recording in the options of ${call}: { recording }`);
  }
  for (const name in options) {
    if (!names.includes(name) && !HANDED_ON.has(name)) return unknownOption(call, name, names);
  }
  return undefined;
}

/** For a name that is none of those. */
export function unknownOption(call: string, name: string, names: readonly string[]): RerunError {
  const similar = nearest(name, names);
  const guess = similar === undefined ? "its" : `did you mean ${similar}? Its`;
  return new RerunError(
    "ERR_RERUN_ARGUMENT",
    `${call} has no option ${JSON.stringify(name)}; ${guess} options are ${names.join(", ")}`,
  );
}

/**
 * The options of a call as they were given; none for null.
 * @throws RerunError ERR_RERUN_ARGUMENT for what is no object, and for a name that they do not have
 */
export function checkedOptions<T extends object>(
  call: string,
  options: T | null | undefined,
  names: readonly string[],
): T {
  const wrong = wrongOptions(call, options, names);
  if (wrong !== undefined) throw wrong;
  return options ?? ({} as T);
}
