import { parseBytes } from "../bytes/byte-size.ts";

/** Thresholds of the batch processor; the first that is reached (`>=`, rows before bytes) flushes the entity. */
export interface BatcherConfig {
  /** A row waits at most this long; `Infinity` = no tick. Default 50 (8 for live sinks). */
  readonly flushTickMillis: number;
  /** Bytes of one entity's accumulated rows. Default 1 MiB. */
  readonly flushNumBytes: number;
  /** Rows of one entity. Default `Infinity`. 0 = after every row. */
  readonly flushNumRows: number;
  /** A chunk with an unsorted timeline is split at this many rows. Default 8192. */
  readonly chunkMaxRowsIfUnsorted: number;
}

/** The named configurations (Rerun's ChunkBatcherConfig). */
export const BatcherConfig = {
  /** Files, memory, everything that is read later. */
  default: { flushTickMillis: 50, flushNumBytes: 1 << 20, flushNumRows: Infinity, chunkMaxRowsIfUnsorted: 8192 },
  /** Live sinks: somebody is watching. */
  lowLatency: { flushTickMillis: 8, flushNumBytes: 1 << 20, flushNumRows: Infinity, chunkMaxRowsIfUnsorted: 8192 },
  /** A chunk per row. For tests: such files are large and slow to load. */
  alwaysTestOnly: { flushTickMillis: Infinity, flushNumBytes: 0, flushNumRows: 0, chunkMaxRowsIfUnsorted: 256 },
  /** Only an explicit flush makes chunks. */
  never: { flushTickMillis: Infinity, flushNumBytes: Infinity, flushNumRows: Infinity, chunkMaxRowsIfUnsorted: 256 },
} as const satisfies Record<string, BatcherConfig>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration in effect, field by field: what the user set, else the environment, else the default of the sink (C09).
 *
 * A variable that cannot be read is reported through `warn` and left out; the others count.
 */
export function resolveBatcherConfig(
  explicit: Partial<BatcherConfig> | undefined,
  sinkDefault: BatcherConfig,
  environment: Environment,
  warn: (message: string) => void,
): BatcherConfig {
  const read = (name: string, parse: (text: string) => number | undefined, expected: string): number | undefined => {
    const text = environment[name]?.trim();
    if (text === undefined || text === "") return undefined;
    const value = parse(text);
    if (value === undefined) warn(`${name}=${text} is not ${expected}; the default is used`);
    return value;
  };
  return {
    flushTickMillis:
      explicit?.flushTickMillis ??
      read("RERUN_FLUSH_TICK_SECS", parseSeconds, "a number of seconds such as 0.05") ??
      sinkDefault.flushTickMillis,
    flushNumBytes:
      explicit?.flushNumBytes ??
      read("RERUN_FLUSH_NUM_BYTES", parseBytes, "a number of bytes such as 1048576 or 1MiB") ??
      sinkDefault.flushNumBytes,
    flushNumRows:
      explicit?.flushNumRows ??
      read("RERUN_FLUSH_NUM_ROWS", parseCount, "a whole number of rows") ??
      sinkDefault.flushNumRows,
    chunkMaxRowsIfUnsorted:
      explicit?.chunkMaxRowsIfUnsorted ??
      read("RERUN_MAX_CHUNK_ROWS_IF_UNSORTED", parseCount, "a whole number of rows") ?? // the older name, which wins upstream
      read("RERUN_CHUNK_MAX_ROWS_IF_UNSORTED", parseCount, "a whole number of rows") ??
      sinkDefault.chunkMaxRowsIfUnsorted,
  };
}

/** Whether user or environment say how long a row may wait. */
export function saysTick(explicit: Partial<BatcherConfig> | undefined, environment: Environment): boolean {
  return (
    explicit?.flushTickMillis !== undefined ||
    parseSeconds(environment.RERUN_FLUSH_TICK_SECS?.trim() ?? "") !== undefined
  );
}

function parseSeconds(text: string): number | undefined {
  const seconds = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
