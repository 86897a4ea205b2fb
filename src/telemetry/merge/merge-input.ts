import { RerunError } from "../../errors.ts";
import type { ArrowMessage, LogMessage } from "../../rrd/log-message.ts";
import type { RrdReader } from "../../rrd/reader/rrd-reader.ts";
import { StoredChunk } from "../../rrd/reader/stored-message.ts";
import type { RowChunk } from "../span-rows.ts";

/** A recording that is merged with others. */
export interface MergeInput {
  /** For messages to the user, e.g. the path. */
  readonly name: string;
  /** Called once per pass, so that only one file is open at a time. */
  open(): Promise<RrdReader>;
}

/**
 * Its messages as they are stored, up to the last whole one if its process was killed.
 *
 * @throws RerunError ERR_RERUN_FORMAT if it is no recording or one of its messages is damaged, with the name of the input.
 */
export async function* messagesOf(input: MergeInput): AsyncGenerator<LogMessage, void, undefined> {
  try {
    const reader = await input.open();
    const damage = reader.problems.find(({ kind }) => kind === "damaged" || kind === "unknown");
    if (damage !== undefined) {
      throw new RerunError("ERR_RERUN_FORMAT", `${damage.message} (byte ${damage.offset})`);
    }
    yield* reader.messages();
  } catch (error) {
    if (!(error instanceof RerunError)) throw error;
    const message = error.message.includes(input.name) ? error.message : `${input.name}: ${error.message}`;
    throw new RerunError(error.code, message, { cause: error });
  }
}

/** The rows of a chunk. @throws RerunError ERR_RERUN_FORMAT */
export function rowsOf(message: ArrowMessage): RowChunk {
  const stored = message instanceof StoredChunk ? message : new StoredChunk(message.store, message.payload);
  const { entityPath, numRows, timelines, components } = stored.decode();
  return {
    entityPath,
    numRows,
    timelines,
    components: components.map(({ component, get }) => ({ name: component, get })),
  };
}
