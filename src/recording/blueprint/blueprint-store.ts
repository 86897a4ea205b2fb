import { RerunError } from "../../errors.ts";
import { RowFlag } from "../../pipeline/row-encoder.ts";
import { now as monotonicNow } from "../../real-time.ts";
import type { SinkSpec } from "../../sinks/sink.ts";
import { batchesOf } from "../component-batches.ts";
import { processRowEncoder, processTransport } from "../process/process-pipeline.ts";
import { processState } from "../process/process-state.ts";
import { newRecordingId } from "../recording-id.ts";
import type { BlueprintOptions } from "../recording-options.ts";
import type { LoggableBlueprint } from "./blueprint.ts";

/** Where the store of a blueprint goes: beside a recording, or to sinks of its own. */
export type BlueprintTarget = { readonly sinksOf: number } | { readonly sinks: readonly SinkSpec[] };

/**
 * Writes a blueprint as a store of its own, for all recordings of an application. The activation comes last: viewers copy what
 * there is of the store by then (rrd-format §9.1).
 *
 * @returns the store's number in records.
 * @throws RerunError ERR_RERUN_ARGUMENT if it is no blueprint.
 */
export function writeBlueprint(
  blueprint: LoggableBlueprint,
  applicationId: string,
  target: BlueprintTarget,
  { makeActive = true, makeDefault = true }: BlueprintOptions = {},
): number {
  checkLoggable(blueprint);
  const transport = processTransport();
  const encoder = processRowEncoder();
  const no = processState().nextRecordingNo++;
  const store = { kind: "blueprint", applicationId, recordingId: newRecordingId() } as const;
  if ("sinksOf" in target) {
    transport.define({ type: "recording", no, store, sinksOf: target.sinksOf });
  } else {
    transport.define({ type: "recording", no, store });
    transport.post({ type: "set-sinks", recording: no, sinks: target.sinks });
  }
  blueprint.log((entityPath, components, cells) => {
    const times = { timelines: cells.map(({ timeline }) => timeline), values: cells.map(({ value }) => value) };
    const flags = cells.length === 0 ? RowFlag.static : 0;
    encoder.logRow(no, entityPath, times, batchesOf(components), monotonicNow(), flags);
  });
  if (blueprint.chunks !== undefined) transport.post({ type: "copy", recording: no, chunks: blueprint.chunks });
  transport.post({ type: "activate", recording: no, makeActive, makeDefault });
  encoder.forgetRecording(no);
  return no;
}

/** @throws RerunError ERR_RERUN_ARGUMENT */
export function checkLoggable(blueprint: LoggableBlueprint): void {
  if (typeof blueprint?.log === "function") return;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    "a Blueprint is needed; a view or container becomes one by new Blueprint(view)",
  );
}
