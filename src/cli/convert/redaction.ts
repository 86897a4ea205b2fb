import { installRedaction } from "../../../instrumentation/redact.ts";
import { configureRedaction, wordsOf } from "../../../instrumentation/redaction-options.ts";

export interface RedactionArguments {
  readonly redact?: boolean | undefined;
  /** Words with commas between; either of them turns redaction on. */
  readonly "redact-keys"?: string | undefined;
  readonly "keep-query"?: string | undefined;
}

/** Takes secrets out of spans and logs as `register` does, from now on in this process, if one of the options says so (I12). */
export function redactAsTold(values: RedactionArguments): void {
  const { redact, "redact-keys": keys, "keep-query": keepQuery } = values;
  if (redact !== true && keys === undefined && keepQuery === undefined) return;
  configureRedaction({
    ...(keys !== undefined && { keys: wordsOf(keys) }),
    ...(keepQuery !== undefined && { keepQuery: wordsOf(keepQuery) }),
  });
  installRedaction();
}
