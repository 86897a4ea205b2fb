import { MESSAGE_HEADER_BYTES, MessageKind } from "../frame.ts";
import { storeKey } from "../store-id.ts";
import type { OpenBytes } from "./byte-source.ts";
import { manifestsOf, readFooter } from "./chunk-index.ts";
import { type RrdInput, sourceOf } from "./open-rrd.ts";
import type { RrdProblem } from "./problem.ts";
import type { RrdChunk } from "./rrd-chunk.ts";
import { Scan } from "./scan.ts";
import { StoreIds } from "./store-ids.ts";
import { type StoredChunk, storedMessage } from "./stored-message.ts";

/** What a check of every byte found. */
export interface Verification {
  /** Faults in the order of the file; none: the file is whole. */
  readonly problems: readonly RrdProblem[];
  readonly chunks: number;
  readonly rows: number;
  /** Chunks that the index at the end names; undefined without one, as in the file of a process that was killed. */
  readonly indexed: number | undefined;
}

/**
 * Reads a whole file without its index, decodes every chunk, and holds the index against what was found: each chunk once, at
 * its place, with its store, path, id and number of rows.
 *
 * @throws RerunError ERR_RERUN_FILE if the file cannot be read, ERR_RERUN_FORMAT if it does not begin as a recording.
 */
export async function verify(input: RrdInput): Promise<Verification> {
  const source = await sourceOf(input);
  const bytes = await source.open();
  try {
    const scan = new Scan(bytes, source.size, new StoreIds(), undefined);
    await scan.run();
    const problems = [...scan.problems];
    const chunks = new Map<number, FoundChunk>();
    let rows = 0;
    for (const entry of scan.entries) {
      if (entry.kind !== MessageKind.ArrowMsg) continue;
      const message = storedMessage(entry, await bytes.read(entry.offset, entry.length)) as StoredChunk;
      const offset = entry.offset - MESSAGE_HEADER_BYTES;
      try {
        const chunk = message.decodeStrictly();
        rows += chunk.numRows;
        chunks.set(entry.offset, { ...factsOf(chunk), length: entry.length });
      } catch (error) {
        const length = MESSAGE_HEADER_BYTES + entry.length;
        problems.push({ kind: "damaged", offset, length, message: (error as Error).message });
      }
    }
    const indexed = await checkIndex(bytes, source.size, chunks, problems);
    problems.sort((a, b) => a.offset - b.offset);
    return { problems, chunks: chunks.size, rows, indexed };
  } finally {
    await bytes.close();
  }
}

interface FoundChunk {
  readonly length: number;
  readonly store: string;
  readonly entityPath: string;
  readonly id: string;
  readonly numRows: number;
}

function factsOf({ recording, entityPath, id, numRows }: RrdChunk): Omit<FoundChunk, "length"> {
  return { store: storeKey(recording), entityPath, id: hex(id), numRows };
}

/** Adds to `problems`; the result is how many chunks the index names. */
async function checkIndex(
  bytes: OpenBytes,
  size: number,
  chunks: ReadonlyMap<number, FoundChunk>,
  problems: RrdProblem[],
): Promise<number | undefined> {
  let at = size;
  const fault = (message: string): void => {
    problems.push({ kind: "index", offset: at, length: 0, message });
  };
  try {
    const footer = await readFooter(bytes, size);
    if (footer === undefined) return undefined;
    at = footer.offset;
    const missing = new Map(chunks);
    let indexed = 0;
    for (const { store, numRows, column } of manifestsOf(footer.payload, new StoreIds())) {
      for (let row = 0; row < numRows; row++) {
        const value = (name: string): unknown => column(name).at(row);
        const offset = Number(value("chunk_byte_offset"));
        const found = chunks.get(offset);
        indexed++;
        missing.delete(offset);
        if (found === undefined) {
          fault(`the index says that a chunk is at byte ${offset}, where none begins`);
          continue;
        }
        const told: FoundChunk = {
          length: Number(value("chunk_byte_size")),
          store: storeKey(store),
          entityPath: String(value("chunk_entity_path")),
          id: hex(value("chunk_id") as Uint8Array),
          numRows: Number(value("chunk_num_rows")),
        };
        const wrong = (Object.keys(told) as (keyof FoundChunk)[]).filter((fact) => told[fact] !== found[fact]);
        if (wrong.length > 0) fault(`the index and the chunk at byte ${offset} do not agree: ${wrong.join(", ")}`);
      }
    }
    for (const [offset, { entityPath }] of missing)
      fault(`the index lacks the chunk of ${entityPath} at byte ${offset}`);
    return indexed;
  } catch (error) {
    fault((error as Error).message);
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
