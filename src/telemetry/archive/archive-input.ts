import { RerunError } from "../../errors.ts";
import type { RrdChunk } from "../../rrd/reader/rrd-chunk.ts";
import type { RrdReader } from "../../rrd/reader/rrd-reader.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import type { RowChunk } from "../span-rows.ts";

/** A file whose traces are looked for. */
export interface ArchiveInput {
  /** For messages to the user, e.g. the path. */
  readonly name: string;
  /** Called once per pass, so that a file that grows is read as it is then. */
  open(): Promise<RrdReader>;
}

/** A chunk of a recording, and the recording it is of. */
export interface ArchiveChunk {
  readonly recording: StoreId;
  readonly rows: RowChunk;
}

/**
 * Chunks of the entities that are wanted, of every recording that is not a part of another one in the same file: the recordings of
 * notable traces repeat spans of their run.
 *
 * @throws RerunError with the name of the input.
 */
export async function* chunksOf(
  { name, open }: ArchiveInput,
  isWanted: (entityPath: string) => boolean,
): AsyncGenerator<ArchiveChunk, void, undefined> {
  try {
    const reader = await open();
    for (const recording of wholes(reader.recordings())) {
      for await (const chunk of reader.chunks({ ...recording, entityPath: isWanted })) {
        yield { recording, rows: rowChunk(chunk) };
      }
    }
  } catch (error) {
    if (!(error instanceof RerunError)) throw error;
    throw new RerunError(error.code, error.message.includes(name) ? error.message : `${name}: ${error.message}`, {
      cause: error,
    });
  }
}

export function rowChunk({ entityPath, numRows, timelines, components }: RrdChunk): RowChunk {
  return {
    entityPath,
    numRows,
    timelines,
    components: components.map(({ component, get }) => ({ name: component, get })),
  };
}

/** Application ids of the recordings of single traces end so. */
export const REQUESTS = " requests";

function wholes(stores: readonly StoreId[]): StoreId[] {
  const recordings = stores.filter(({ kind }) => kind === "recording");
  const applications = new Set(recordings.map(({ applicationId }) => applicationId));
  return recordings.filter(
    ({ applicationId }) =>
      !applicationId.endsWith(REQUESTS) || !applications.has(applicationId.slice(0, -REQUESTS.length)),
  );
}
