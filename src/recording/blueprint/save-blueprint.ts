import { RerunError } from "../../errors.ts";
import { absolutePath } from "../../file-path.ts";
import { normalizeApplicationId } from "../../rrd/application-id.ts";
import { openFile } from "../../sinks/file/open-file.ts";
import type { SinkSpec } from "../../sinks/sink.ts";
import { processTransport } from "../process/process-pipeline.ts";
import type { LoggableBlueprint } from "./blueprint.ts";
import { checkLoggable, writeBlueprint } from "./blueprint-store.ts";

/** A disk that hangs holds the program no longer. */
const WRITE_MILLIS = 10_000;

/**
 * Writes a blueprint into a file of its own (`.rbl`). The file is complete when this returns: layouts are small, and a tool that
 * makes one has nothing else to do meanwhile.
 *
 * @throws RerunError ERR_RERUN_FILE if it cannot be written, ERR_RERUN_APPLICATION_ID if there is no application id.
 */
export function saveBlueprint(blueprint: LoggableBlueprint, path: string | URL, applicationId: string): void {
  checkLoggable(blueprint);
  const id = normalizeApplicationId(applicationId);
  const transport = processTransport();
  const { path: target, fd, isPipe } = openFile(absolutePath("save", path));
  const sink: SinkSpec = isPipe
    ? { kind: "pipe", path: target, fd }
    : { kind: "file", path: target, fd, writeFooter: true };
  const no = writeBlueprint(blueprint, id, { sinks: [sink] });
  const { error } = transport.requestSync({ type: "flush", recording: no, timeoutMillis: WRITE_MILLIS });
  transport.requestSync({ type: "close", recording: no, timeoutMillis: WRITE_MILLIS });
  if (error !== undefined) {
    throw new RerunError("ERR_RERUN_FILE", `cannot write the blueprint to ${path}: ${error.message}`, { cause: error });
  }
}
