import { installRedaction } from "../../../instrumentation/redact.ts";
import { configureRedaction } from "../../../instrumentation/redaction-options.ts";

export interface RedactionArguments {
  readonly redact?: boolean | undefined;
  /** Words with commas between; either of them turns redaction on. */
  readonly "redact-keys"?: string | undefined;
  readonly "keep-query"?: string | undefined;
}

/** Takes secrets out of spans and logs as `register` does, from now on in this process, if one of the options says so (I12). */
export function redactAsTold(values: RedactionArguments): void {
  const keys = wordsOf(values["redact-keys"]);
  const keepQuery = wordsOf(values["keep-query"]);
  if (values.redact !== true && keys === undefined && keepQuery === undefined) return;
  configureRedaction({ ...(keys !== undefined && { keys }), ...(keepQuery !== undefined && { keepQuery }) });
  installRedaction();
}

function wordsOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
