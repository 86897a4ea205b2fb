import { fileURLToPath } from "node:url";
import { RerunError } from "../errors.ts";
import { openFile } from "../sinks/open-file.ts";
import type { SinkSpec } from "../sinks/sink.ts";
import type { LoggableBlueprint } from "./blueprint.ts";
import { writeBlueprint } from "./blueprint-store.ts";
import { fileSettings } from "./file-settings.ts";
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
    isExclusive: options.exclusive,
  });
  setSinks(intake, [{ kind: "file", ...file, ...settings }]);
  if (defaultBlueprint !== undefined) {
    sendBlueprint(intake, defaultBlueprint, { makeActive: false, makeDefault: true });
  }
}

export function setSinks(intake: RecordingIntake, sinks: readonly SinkSpec[]): void {
  intake.open().post({ type: "set-sinks", recording: intake.no, sinks });
  intake.hasSinks = sinks.length > 0;
}

/** Writes a blueprint as a store of its own beside the recording, then activates it. */
export function sendBlueprint(intake: RecordingIntake, blueprint: LoggableBlueprint, options: BlueprintOptions): void {
  if (!intake.isEnabled) return;
  assertOpen(intake);
  intake.open();
  writeBlueprint(blueprint, intake.storeId.applicationId, { sinksOf: intake.no }, options);
}

function assertOpen(intake: RecordingIntake): void {
  if (intake.isOpen) return;
  const { applicationId } = intake.storeId;
  throw new RerunError(
    "ERR_RERUN_CLOSED",
    `the recording of ${applicationId} was shut down; make a new RecordingStream`,
  );
}
