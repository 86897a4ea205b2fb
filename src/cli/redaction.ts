import { installRedaction } from "../../instrumentation/redact.ts";
import { configureRedaction, wordsOf } from "../../instrumentation/redaction-options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of all verbs that record what others send. */
export const REDACTION_OPTIONS = {
  "no-redact": { type: "boolean" },
  "redact-keys": { type: "string" },
  "keep-query": { type: "string" },
} as const;

export interface RedactionArguments {
  readonly "no-redact"?: boolean | undefined;
  /** Words with commas between. */
  readonly "redact-keys"?: string | undefined;
  readonly "keep-query"?: string | undefined;
}

/**
 * Takes secrets out of spans and logs as `register` does, from now on in this process (I12), unless it is told not to. Says whether it does.
 * @throws UsageError
 */
export function redactAsTold(values: RedactionArguments): boolean {
  const { "no-redact": isOff = false, "redact-keys": keys, "keep-query": keepQuery } = values;
  if (isOff) {
    if (keys === undefined && keepQuery === undefined) return false;
    throw new UsageError("--no-redact keeps everything; leave out --redact-keys and --keep-query");
  }
  configureRedaction({
    ...(keys !== undefined && { keys: wordsOf(keys) }),
    ...(keepQuery !== undefined && { keepQuery: wordsOf(keepQuery) }),
  });
  installRedaction();
  return true;
}
