import { RerunError } from "../errors.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { INTERNALS } from "./internals.ts";
import type { LogOptions } from "./recording-options.ts";
import type { WithRecording } from "./with-recording.ts";

const NAMES: Readonly<Record<keyof (LogOptions & WithRecording), true>> = {
  static: true,
  strict: true,
  time: true,
  recording: true,
};

/**
 * What is wrong with the third argument of `log`, if anything: it would do nothing, and nobody would know. Asked only where there is
 * one, which most rows have not.
 */
export function wrongOptions(options: unknown): RerunError | undefined {
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
    if (!Object.hasOwn(NAMES, name)) return wrong(`log has no option ${JSON.stringify(name)}; ${advice}`);
  }
  return undefined;
}

function wrong(message: string): RerunError {
  return new RerunError("ERR_RERUN_ARGUMENT", message);
}
