import type { ArrowInput } from "../../rrd/reader/arrow-table.ts";
import type { RecordingIntake } from "../recording-intake.ts";
import { copyTable } from "./chunk-copies.ts";
import type { RecordBatchOptions } from "./record-batch.ts";

/** A table, something that makes one, or record batches one by one. */
export type DataFrameInput =
  | ArrowInput
  | { toArrow(): ArrowInput | Promise<ArrowInput> }
  | Iterable<ArrowInput>
  | AsyncIterable<ArrowInput>;

/** A batch is sent before the next one is asked for: a frame that is read from elsewhere need not fit into memory (I7). */
export async function copyDataFrame(
  intake: RecordingIntake,
  frame: DataFrameInput,
  options: RecordBatchOptions,
): Promise<void> {
  if (!intake.isEnabled) return;
  if (isMaker(frame)) await copyTable(intake, await frame.toArrow(), options);
  else if (isSeries(frame)) for await (const batch of frame) await copyTable(intake, batch, options);
  else await copyTable(intake, frame, options);
}

function isMaker(frame: DataFrameInput): frame is { toArrow(): ArrowInput | Promise<ArrowInput> } {
  return typeof (frame as { toArrow?: unknown } | null)?.toArrow === "function";
}

/** Tables can be iterated too, over their rows: those have a schema. Bytes are one IPC stream. */
function isSeries(frame: DataFrameInput): frame is Iterable<ArrowInput> | AsyncIterable<ArrowInput> {
  if (typeof frame !== "object" || frame === null || frame instanceof Uint8Array) return false;
  const isTable = "schema" in frame && ("batches" in frame || "data" in frame || "children" in frame);
  return !isTable && (Symbol.iterator in frame || Symbol.asyncIterator in frame);
}
