import { checkedOptions, optionNames } from "../../option-names.ts";
import { entityPath as joinedEntityPath, parseEntityPath } from "../entity-path.ts";
import { MessageKind } from "../frame.ts";
import type { LogMessage } from "../log-message.ts";
import type { StoreId } from "../store-id.ts";
import type { ByteSource, OpenBytes } from "./byte-source.ts";
import { type ChunkIndex, readChunkIndex } from "./chunk-index.ts";
import { formatError } from "./format-error.ts";
import type { RrdProblem } from "./problem.ts";
import type { RrdChunk } from "./rrd-chunk.ts";
import { type MessageEntry, Scan } from "./scan.ts";
import { StoreIds } from "./store-ids.ts";
import { type StoredChunk, storedMessage } from "./stored-message.ts";

export interface ChunkSelection extends Partial<StoreId> {
  /** As `log` takes it, a string or parts; or what says of an escaped path with a leading slash whether it is wanted. */
  readonly entityPath?: string | readonly (string | number)[] | ((entityPath: string) => boolean);
}

const CHUNK_SELECTION = optionNames<ChunkSelection>({
  kind: true,
  applicationId: true,
  recordingId: true,
  entityPath: true,
});

/** A recording file that is open for reading. Nothing is held open between calls, so there is nothing to close. */
export interface RrdReader {
  /** The recordings and blueprints of the file, in the order in which they appear. */
  recordings(): readonly StoreId[];
  /**
   * The chunks in the order of the file, decoded one at a time. A recording, or parts of its identity, limits them to those of
   * the stores that fit, `entityPath` to those of some entities; of a file with an index nothing else is read then.
   *
   * @throws RerunError ERR_RERUN_FORMAT at a chunk that is damaged; `recover` passes over it. ERR_RERUN_ARGUMENT for a name that a
   * selection does not have.
   */
  chunks(wanted?: ChunkSelection): AsyncGenerator<RrdChunk, void, undefined>;
  /** The messages as they are stored, for those who copy files. */
  messages(): AsyncGenerator<LogMessage, void, undefined>;
  /** What could not be read, and why. Empty for a file that is whole. */
  readonly problems: readonly RrdProblem[];
  /** Where the file was cut off, in bytes: all messages before that are whole. `undefined` if it was not. */
  readonly truncatedAt: number | undefined;
}

/** @throws RerunError ERR_RERUN_FORMAT if it does not begin as a recording. */
export async function openSource(source: ByteSource): Promise<RrdReader> {
  const bytes = await source.open();
  try {
    const { scan, stores, indexProblems } = await scanned(bytes, source.size);
    return new SourceReader(source, scan.entries, stores.all, [...scan.problems, ...indexProblems]);
  } finally {
    await bytes.close();
  }
}

/** With the index where there is one that leads through the whole file, else without. */
async function scanned(
  bytes: OpenBytes,
  size: number,
): Promise<{ scan: Scan; stores: StoreIds; indexProblems: readonly RrdProblem[] }> {
  const indexProblems: RrdProblem[] = [];
  const note = (message: string): void => {
    indexProblems.push({ kind: "index", offset: size, length: 0, message });
  };
  let index: ChunkIndex | undefined;
  let stores = new StoreIds();
  try {
    index = await readChunkIndex(bytes, size, new StoreIds());
  } catch (error) {
    note((error as Error).message);
  }
  if (index !== undefined) {
    const scan = new Scan(bytes, size, stores, index);
    await scan.run();
    if (scan.isStraight) return { scan, stores, indexProblems };
    stores = new StoreIds();
  }
  const scan = new Scan(bytes, size, stores, undefined);
  await scan.run();
  if (index !== undefined && scan.isStraight) note("the index at the end does not fit the file");
  return { scan, stores, indexProblems };
}

class SourceReader implements RrdReader {
  readonly problems: readonly RrdProblem[];
  readonly #source: ByteSource;
  readonly #entries: readonly MessageEntry[];
  readonly #stores: readonly StoreId[];

  constructor(
    source: ByteSource,
    entries: readonly MessageEntry[],
    stores: readonly StoreId[],
    problems: readonly RrdProblem[],
  ) {
    this.#source = source;
    this.#entries = entries;
    this.#stores = stores;
    this.problems = problems;
  }

  get truncatedAt(): number | undefined {
    return this.problems.find(({ kind, length }) => kind === "cut" || (kind === "index" && length > 0))?.offset;
  }

  recordings(): readonly StoreId[] {
    return this.#stores;
  }

  async *chunks(wanted?: ChunkSelection): AsyncGenerator<RrdChunk, void, undefined> {
    const { entityPath, ...recording } = checkedOptions("chunks", wanted, CHUNK_SELECTION);
    const isWanted = pathFilter(entityPath);
    const entries = this.#entries.filter(
      (entry) =>
        entry.kind === MessageKind.ArrowMsg &&
        isIn(entry.store, recording) &&
        (entry.entityPath === undefined || isWanted(entry.entityPath)),
    );
    for await (const message of this.#read(entries)) {
      const chunk = (message as StoredChunk).decode();
      if (isWanted(chunk.entityPath)) yield chunk;
    }
  }

  messages(): AsyncGenerator<LogMessage, void, undefined> {
    return this.#read(this.#entries);
  }

  async *#read(entries: readonly MessageEntry[]): AsyncGenerator<LogMessage, void, undefined> {
    const bytes = await this.#source.open();
    try {
      for (const entry of entries) {
        const payload = await bytes.read(entry.offset, entry.length);
        if (payload.length < entry.length)
          throw formatError(`the file was cut at byte ${entry.offset} after it was opened`);
        yield storedMessage(entry, payload);
      }
    } finally {
      await bytes.close();
    }
  }
}

export function pathFilter(entityPath: ChunkSelection["entityPath"]): (path: string) => boolean {
  if (typeof entityPath === "function") return entityPath;
  if (entityPath === undefined) return () => true;
  const wanted = typeof entityPath === "string" ? parseEntityPath(entityPath) : joinedEntityPath(...entityPath);
  return (path) => path === wanted;
}

export function isIn(store: StoreId, { kind, applicationId, recordingId }: Partial<StoreId>): boolean {
  return (
    (kind === undefined || kind === store.kind) &&
    (applicationId === undefined || applicationId === store.applicationId) &&
    (recordingId === undefined || recordingId === store.recordingId)
  );
}
