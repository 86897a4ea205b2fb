import { RerunError } from "../../errors.ts";
import { checkedOptions, optionNames } from "../../option-names.ts";
import type { ArrowMessage } from "../../rrd/log-message.ts";
import type { ArrowInput } from "../../rrd/reader/arrow-table.ts";
import type { RrdChunk } from "../../rrd/reader/rrd-chunk.ts";
import type { RrdReader } from "../../rrd/reader/rrd-reader.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import type { RecordBatchOptions } from "./record-batch.ts";

/** What `sendChunks` takes: a chunk, many of them, or a reader, all of whose recordings are then one. */
export type ChunksInput = RrdChunk | Iterable<RrdChunk> | AsyncIterable<RrdChunk> | Pick<RrdReader, "chunks">;

const NAMES = optionNames<RecordBatchOptions>({ index: true, entityPath: true });

/** So much is handed to the writer before it is waited for, in bytes: a file that is copied need not fit into memory (I7). */
const BYTES_AT_ONCE = 8 << 20;

/**
 * Sends chunks of other recordings as chunks of this one: entity paths, times and row ids stay as they are.
 * @throws RerunError ERR_RERUN_DATA for what is no chunk, and what reading throws.
 */
export async function copyChunks(intake: RecordingIntake, input: ChunksInput): Promise<void> {
  if (!intake.isEnabled) return;
  const { packChunk } = await import("../../rrd/reader/pack-chunk.ts");
  await copyMessages(
    intake,
    (async function* () {
      for await (const chunk of chunksOf(input)) {
        if (!isChunk(chunk)) throw notAChunk(chunk);
        yield packChunk(chunk);
      }
    })(),
  );
}

/** The rows of an Arrow table, as chunks of this recording. */
export async function copyTable(
  intake: RecordingIntake,
  batch: ArrowInput,
  options: RecordBatchOptions,
): Promise<void> {
  if (!intake.isEnabled) return;
  const checked = checkedOptions("sendRecordBatch", options, NAMES);
  const { chunksOfTable } = await import("./record-batch.ts");
  const chunks = chunksOfTable(batch, checked, intake.storeId, intake.times.timelines);
  await copyMessages(
    intake,
    (async function* () {
      yield* chunks;
    })(),
  );
}

/** The same for messages as they are stored. */
export async function copyMessages(intake: RecordingIntake, messages: AsyncIterable<ArrowMessage>): Promise<void> {
  let chunks: ArrowMessage[] = [];
  let bytes = 0;
  const send = async (): Promise<void> => {
    const transport = intake.open();
    transport.post({ type: "copy", recording: intake.no, chunks });
    chunks = [];
    bytes = 0;
    await transport.request({ type: "stats", recording: intake.no });
  };
  try {
    for await (const message of messages) {
      chunks.push(message);
      bytes += message.payload.length;
      if (bytes >= BYTES_AT_ONCE) await send();
    }
  } finally {
    // what was read before an error is not lost with it
    if (chunks.length > 0) await send();
  }
}

function chunksOf(input: ChunksInput): Iterable<RrdChunk> | AsyncIterable<RrdChunk> {
  if (isChunk(input)) return [input];
  if (typeof input === "object" && input !== null) {
    if (Symbol.iterator in input || Symbol.asyncIterator in input) return input;
    if (typeof input.chunks === "function") return input.chunks({ kind: "recording" });
  }
  throw notAChunk(input);
}

function isChunk(value: unknown): value is RrdChunk {
  return typeof (value as RrdChunk | null | undefined)?.ipc === "function";
}

function notAChunk(value: unknown): RerunError {
  return new RerunError(
    "ERR_RERUN_DATA",
    `sendChunks takes what openRrd(…).chunks() gives, or the reader itself, but got ${value === null ? "null" : typeof value}`,
  );
}
