import { parseBytes } from "../../src/bytes/byte-size.ts";
import { warnOnce } from "../../src/recording/warnings.ts";
import { type BlackBoxOptions, DUMP_REASONS, type DumpReason } from "./black-box.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `OTEL_RERUN_MODE=blackbox` and what belongs to it; undefined: a file is written. What cannot be read is warned about and counts as
 * not set.
 *
 *   OTEL_RERUN_BLACKBOX_SECONDS=60   OTEL_RERUN_BLACKBOX_BYTES=64MiB   OTEL_RERUN_DUMP_ON=uncaughtException,http5xx,eventLoopStall,SIGUSR2
 */
export function blackBoxFromEnvironment(environment: Environment): BlackBoxOptions | undefined {
  const mode = environment.OTEL_RERUN_MODE?.trim() || "file";
  if (mode !== "blackbox") {
    if (mode !== "file") warn("OTEL_RERUN_MODE", mode, "file or blackbox");
    return undefined;
  }
  const seconds = read(environment, "OTEL_RERUN_BLACKBOX_SECONDS", "a number of seconds", positive);
  const maxBytes = read(
    environment,
    "OTEL_RERUN_BLACKBOX_BYTES",
    "a size such as 64MiB",
    (text) => parseBytes(text) || undefined,
  );
  const stallMillis = read(environment, "OTEL_RERUN_STALL_MILLIS", "a number of milliseconds", positive);
  const dumpOn = read(environment, "OTEL_RERUN_DUMP_ON", `a list such as ${DUMP_REASONS.join(",")}`, reasons);
  return {
    ...(seconds !== undefined && { seconds }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(stallMillis !== undefined && { stallMillis }),
    ...(dumpOn !== undefined && { dumpOn }),
  };
}

function read<T>(
  environment: Environment,
  name: string,
  expected: string,
  parse: (text: string) => T | undefined,
): T | undefined {
  const text = environment[name]?.trim();
  if (text === undefined || text === "") return undefined;
  const value = parse(text);
  if (value === undefined) warn(name, text, expected);
  return value;
}

function warn(name: string, text: string, expected: string): void {
  warnOnce(`environment ${name}`, `${name}=${text} is not ${expected}; it is ignored`);
}

function positive(text: string): number | undefined {
  const value = Number(text);
  return value > 0 && value < Number.POSITIVE_INFINITY ? value : undefined;
}

function reasons(text: string): readonly DumpReason[] | undefined {
  const words = text.split(",").map((word) => word.trim());
  const isKnown = (word: string): boolean => DUMP_REASONS.includes(word as DumpReason) || /^SIG[A-Z0-9]+$/.test(word);
  return words.every(isKnown) ? (words as DumpReason[]) : undefined;
}
