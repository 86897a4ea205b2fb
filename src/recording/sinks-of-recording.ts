import { fileURLToPath } from "node:url";
import { RerunError } from "../errors.ts";
import { RowFlag } from "../pipeline/row-encoder.ts";
import { openFile } from "../sinks/open-file.ts";
import type { SinkSpec } from "../sinks/sink.ts";
import type { LoggableBlueprint } from "./blueprint.ts";
import { batchesOf } from "./component-batches.ts";
import { fileSettings } from "./file-settings.ts";
import { processRowEncoder } from "./process-pipeline.ts";
import { processState } from "./process-state.ts";
import { newRecordingId } from "./recording-id.ts";
import type { RecordingIntake } from "./recording-intake.ts";
import type { BlueprintOptions, SaveOptions } from "./recording-options.ts";

/** Opens the file here and now, so that a bad path fails in the call, and makes it the recording's only sink. */
export function saveToFile(intake: RecordingIntake, path: string | URL, options: SaveOptions): void {
  if (!intake.isEnabled) return;
  assertOpen(intake);
  const { defaultBlueprint } = options;
  const settings = fileSettings(options);
  const file = openFile(typeof path === "string" ? path : fileURLToPath(path), {
    mode: options.mode,
    isAtomic: settings.isAtomic,
  });
  setSinks(intake, [{ kind: "file", ...file, ...settings }]);
  if (defaultBlueprint !== undefined) {
    sendBlueprint(intake, defaultBlueprint, { makeActive: false, makeDefault: true });
  }
}

export function setSinks(intake: RecordingIntake, sinks: readonly SinkSpec[]): void {
  intake.open().post({ type: "set-sinks", recording: intake.no, sinks });
}

/** Writes a blueprint as a store of its own beside the recording, then activates it. */
export function sendBlueprint(intake: RecordingIntake, blueprint: LoggableBlueprint, options: BlueprintOptions): void {
  if (!intake.isEnabled) return;
  assertOpen(intake);
  const transport = intake.open();
  const no = processState().nextRecordingNo++;
  const { applicationId } = intake.storeId;
  transport.define({
    type: "recording",
    no,
    store: { kind: "blueprint", applicationId, recordingId: newRecordingId() },
    sinksOf: intake.no,
  });
  const encoder = processRowEncoder();
  blueprint.log((entityPath, components, cells) => {
    const times = { timelines: cells.map(({ timeline }) => timeline), values: cells.map(({ value }) => value) };
    const flags = cells.length === 0 ? RowFlag.static : 0;
    encoder.logRow(no, entityPath, times, batchesOf(components), performance.now(), flags);
  });
  const { makeActive = true, makeDefault = true } = options;
  transport.post({ type: "activate", recording: no, makeActive, makeDefault });
  encoder.forgetRecording(no);
}

function assertOpen(intake: RecordingIntake): void {
  if (intake.isOpen) return;
  const { applicationId } = intake.storeId;
  throw new RerunError(
    "ERR_RERUN_CLOSED",
    `the recording of ${applicationId} was shut down; make a new RecordingStream`,
  );
}
