import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import type { RecordingResolver } from "../../recording/context/recording-resolvers.ts";
import { RecordingStream } from "../../recording/recording-stream.ts";
import { type ClsNamespace, findNamespace } from "./cls-namespace.ts";

export interface ClsResolverOptions {
  /** The application's namespace, or its name; it need not exist yet. */
  readonly namespace: string | ClsNamespace;
  /** Under which key the namespace says what is recorded where: a recording, or something that `recordingOf` makes one of. */
  readonly key: string;
  /** The recording for a value under the key, say a tenant's name. Default: the value, if it is a recording. */
  readonly recordingOf?: (value: unknown) => RecordingStream | undefined;
}

const NAMES = optionNames<ClsResolverOptions>({ namespace: true, key: true, recordingOf: true });

/**
 * A resolver for applications that already say by cls-hooked whom they work for:
 *
 *   addRecordingResolver(clsResolver({ namespace: "session", key: "tenant", recordingOf: (tenant) => recordings.get(tenant) }))
 *
 * Only reads, and needs neither a context manager nor the package itself.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if there is no namespace or key.
 */
export function clsResolver(options: ClsResolverOptions): RecordingResolver {
  const { namespace, key, recordingOf = asRecording } = checkedOptions("clsResolver", options, NAMES);
  if (!namespace || !key) {
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      "clsResolver needs the options namespace and key of the application's own",
    );
  }
  return () => {
    const found = typeof namespace === "string" ? findNamespace(namespace) : namespace;
    const value = found?.get(key);
    return value === undefined || value === null ? undefined : recordingOf(value);
  };
}

function asRecording(value: unknown): RecordingStream | undefined {
  return value instanceof RecordingStream ? value : undefined;
}
