import { ByteWriter } from "../../bytes/byte-writer.ts";
import { RerunError } from "../../errors.ts";
import { type EncodeFailure, RowEncoder } from "../../pipeline/row-encoder.ts";
import type { Transport } from "../../pipeline/transport.ts";
import { parseEntityPath } from "../../rrd/entity-path.ts";
import { INTERNALS } from "../internals.ts";
import { warnOnce } from "../warnings.ts";
import { processState } from "./process-state.ts";

/** The process's transport; made at the first use, since it brings the writer with it. */
export function processTransport(): Transport {
  const state = processState();
  state.transport ??= state.hooks.createTransport?.();
  if (state.transport === undefined) {
    throw new RerunError(
      "ERR_RERUN_SINK",
      'nothing is there to write recordings; import "otel-rerun" before its parts',
    );
  }
  return state.transport;
}

export function processRowEncoder(): RowEncoder {
  const state = processState();
  state.rowEncoder ??= new RowEncoder(processTransport(), { onFailure: tellRecording, normalisePath: parseEntityPath });
  return state.rowEncoder;
}

/** Looked up by number and not kept per row, because rows that fail are few. Blueprints have no recording of their own. */
function tellRecording({ recording: no, error }: EncodeFailure): void {
  for (const recording of processState().openRecordings) {
    if (recording[INTERNALS].no !== no) continue;
    recording[INTERNALS].failures.report(error);
    return;
  }
  const text = error instanceof Error ? error.message : String(error);
  warnOnce(text, text);
}

/** Where the records of a disabled recording go. */
export const NO_TRANSPORT: Transport = {
  begin: () => new ByteWriter(64),
  end: () => true,
  abort: () => {},
  define: () => {},
  post: () => {},
  request: async () => ({}),
  requestSync: () => ({}),
  countDropped: () => {},
};
