import { RerunError } from "../errors.ts";
import { optionNames, unknownOption, wrongOptions } from "../option-names.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import type { ColumnsContent } from "./component-batches.ts";
import type { WithRecording } from "./context/with-recording.ts";
import { INTERNALS } from "./internals.ts";
import type { LogOptions } from "./recording-options.ts";

const NAMES = optionNames<LogOptions & WithRecording>({ static: true, strict: true, time: true, recording: true });

const CONTENT = optionNames<ColumnsContent>({ indexes: true, columns: true });
const COLUMNS_OPTIONS = ["strict"];

/**
 * What is wrong with the third argument of `log`, if anything: it would do nothing, and nobody would know. Asked only where there is
 * one, which most rows have not.
 */
export function wrongLogOptions(options: unknown): RerunError | undefined {
  if (options === undefined || options === null) return undefined;
  const advice = "the options of a row are { static, strict, time, recording }";
  if (typeof options !== "object") return wrong(`${advice}, got ${typeof options}`);
  const { asComponentBatches } = options as Partial<AsComponents>;
  if (typeof asComponentBatches === "function" || Array.isArray(options)) {
    return wrong("put several archetypes into an array: log(path, [first, second]); the second one is not recorded");
  }
  if (INTERNALS in options)
    return wrong("name the recording: log(path, archetype, { recording }), or call recording.log");
  for (const name in options) {
    if (!NAMES.includes(name)) return unknownOption("log", name, NAMES);
  }
  return undefined;
}

/** The same of the second and third of `sendColumns`. */
export function wrongColumnsOptions(content: unknown, options: unknown): RerunError | undefined {
  return wrongOptions("sendColumns", content, CONTENT) ?? wrongOptions("sendColumns", options, COLUMNS_OPTIONS);
}

function wrong(message: string): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", message);
}
