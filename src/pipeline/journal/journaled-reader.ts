import { fileURLToPath } from "node:url";
import { encodeChunk } from "../../rrd/chunk-encoder.ts";
import type { LogMessage } from "../../rrd/log-message.ts";
import { openRrd as openRrdAlone, type RrdInput } from "../../rrd/reader/open-rrd.ts";
import type { RrdProblem } from "../../rrd/reader/problem.ts";
import { type Recovery, recoverFrom } from "../../rrd/reader/recover.ts";
import type { RrdChunk } from "../../rrd/reader/rrd-chunk.ts";
import { type ChunkSelection, isIn, pathFilter, type RrdReader } from "../../rrd/reader/rrd-reader.ts";
import { StoredChunk } from "../../rrd/reader/stored-message.ts";
import { type StoreId, storeKey } from "../../rrd/store-id.ts";
import { readJournals } from "../../sinks/file/journal-file.ts";
import { targetOf } from "../../sinks/file/link-target.ts";
import type { JournalRow } from "./journal-format.ts";
import { chunksOf, journalRows, rowKey } from "./journal-rows.ts";

/**
 * Opens a recording for reading. Of a file only its index is read, or the message headers where it has none; chunks are read
 * and decoded when they are asked for. A stream is read to its end first.
 *
 * A file of a process that was killed, or that is still being written, opens as it is up to its last whole message; see
 * `truncatedAt` and `problems` of the reader. When a path is given and a journal lies beside the file, its rows are there too.
 *
 * @throws RerunError ERR_RERUN_FILE if the file cannot be read, ERR_RERUN_FORMAT if it is no recording, ERR_RERUN_ARGUMENT.
 */
export async function openRrd(input: RrdInput): Promise<RrdReader> {
  const path = pathOf(input);
  // before the file: a row that becomes a chunk meanwhile is then in both, and known by its id
  const journals = path === undefined ? [] : await readJournals(targetOf(path)).catch(() => []);
  const reader = await openRrdAlone(input);
  if (journals.length === 0) return reader;
  const problems: RrdProblem[] = [];
  const rows = journalRows(journals, (message) => problems.push(journalProblem(message)));
  for (const { tornBytes } of journals) {
    if (tornBytes === 0) continue;
    problems.push(journalProblem("the journal ends inside of a block: the rows of the last tick are lost", tornBytes));
  }
  return new JournaledReader(reader, rows, problems);
}

/**
 * Takes out of a file whatever can be read, and out of the journal beside it: unlike `chunks()` of a reader it passes over messages
 * that are damaged. All of them are decoded to see that, and held in memory.
 *
 * @throws RerunError ERR_RERUN_FILE if the file cannot be read, ERR_RERUN_FORMAT if it does not begin as a recording.
 */
export async function recover(input: RrdInput): Promise<Recovery> {
  return recoverFrom(await openRrd(input));
}

function journalProblem(message: string, length = 0): RrdProblem {
  return { kind: "journal", offset: 0, length, message };
}

function pathOf(input: RrdInput): string | undefined {
  if (typeof input === "string") return input;
  return input instanceof URL && input.protocol === "file:" ? fileURLToPath(input) : undefined;
}

/**
 * A file and the journal beside it, as one: the chunks of the file, then the rows that are in none of them.
 *
 * A row of the journal belongs to a chunk of its own store and entity, so a selection finds the rows that it has twice by itself.
 */
class JournaledReader implements RrdReader {
  /** Rows of the journal that cannot be put into columns are noted when they are asked for. */
  readonly problems: RrdProblem[];
  readonly #file: RrdReader;
  readonly #rows: readonly JournalRow[];
  readonly #stores: readonly StoreId[];

  constructor(file: RrdReader, rows: readonly JournalRow[], problems: readonly RrdProblem[]) {
    this.#file = file;
    this.#rows = rows;
    this.problems = [...file.problems, ...problems];
    const stores = new Map(file.recordings().map((store) => [storeKey(store), store]));
    for (const { store } of rows) if (!stores.has(storeKey(store))) stores.set(storeKey(store), store);
    this.#stores = [...stores.values()];
  }

  get truncatedAt(): number | undefined {
    return this.#file.truncatedAt;
  }

  recordings(): readonly StoreId[] {
    return this.#stores;
  }

  async *chunks(wanted?: ChunkSelection): AsyncGenerator<RrdChunk, void, undefined> {
    const { entityPath, ...recording } = wanted ?? {};
    const isWanted = pathFilter(entityPath);
    const missing = this.#missing((row) => isIn(row.store, recording) && isWanted(row.entityPath));
    for await (const chunk of this.#file.chunks(wanted)) {
      forget(missing, chunk);
      yield chunk;
    }
    for (const chunk of this.#chunksOf(missing)) yield chunk.decode();
  }

  async *messages(): AsyncGenerator<LogMessage, void, undefined> {
    const missing = this.#missing(() => true);
    for await (const message of this.#file.messages()) {
      if (message instanceof StoredChunk) {
        try {
          forget(missing, message.decode());
        } catch {
          // whoever wants to look into it gets the error
        }
      }
      yield message;
    }
    yield* this.#chunksOf(missing);
  }

  #missing(isWanted: (row: JournalRow) => boolean): Map<string, JournalRow> {
    return new Map(this.#rows.filter(isWanted).map((row) => [rowKey(row.rowId, 0), row]));
  }

  #chunksOf(missing: ReadonlyMap<string, JournalRow>): StoredChunk[] {
    const known = new Map(this.#stores.map((store) => [storeKey(store), store]));
    const note = (message: string): void => {
      if (this.problems.every((problem) => problem.message !== message)) this.problems.push(journalProblem(message));
    };
    return chunksOf([...missing.values()], note).map(({ store, chunk }) => {
      const { payload } = encodeChunk(store, chunk);
      return new StoredChunk(known.get(storeKey(store)) ?? store, payload.slice());
    });
  }
}

function forget(missing: Map<string, JournalRow>, { numRows, rowIds }: RrdChunk): void {
  for (let row = 0; row < numRows && missing.size > 0; row++) missing.delete(rowKey(rowIds, row));
}
