import { RerunError } from "../errors.ts";
import { checkedOptions } from "../option-names.ts";
import type { LoggableBlueprint } from "../recording/blueprint/blueprint.ts";
import { saveBlueprint } from "../recording/blueprint/save-blueprint.ts";
import type { ArrowMessage } from "../rrd/log-message.ts";
import { openRrd, type RrdInput } from "../rrd/reader/open-rrd.ts";
import { type StoreId, storeKey } from "../rrd/store-id.ts";

export interface LoadBlueprintOptions {
  /** Only a blueprint for this application. Default: for any. */
  readonly applicationId?: string;
}

/**
 * A blueprint that was read from a file. It can be sent and saved as one that was made here, for another application too; its
 * chunks are passed on as they are, with all that the viewer or another SDK has put into them.
 */
export class LoadedBlueprint implements LoggableBlueprint {
  /** Of the application it was made for. */
  readonly applicationId: string;
  readonly chunks: readonly ArrowMessage[];

  constructor(applicationId: string, chunks: readonly ArrowMessage[]) {
    this.applicationId = applicationId;
    this.chunks = chunks;
  }

  /** It has no rows, only chunks. */
  log(): void {}

  /**
   * Writes it into a file of its own.
   * @param applicationId default: as it was.
   * @throws RerunError ERR_RERUN_FILE
   */
  save(path: string | URL, applicationId: string = this.applicationId): void {
    saveBlueprint(this, path, applicationId);
  }
}

/**
 * Reads a blueprint from a file: an `.rbl` that the viewer, an official SDK or `save` has written, or a recording with one in it.
 * Of several the one that was activated last.
 *
 *   rec.sendBlueprint(await loadBlueprint("dashboard.rbl"));
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if there is none, ERR_RERUN_FILE, ERR_RERUN_FORMAT.
 */
export async function loadBlueprint(input: RrdInput, options: LoadBlueprintOptions = {}): Promise<LoadedBlueprint> {
  const { applicationId } = checkedOptions("loadBlueprint", options, ["applicationId"]);
  const reader = await openRrd(input);
  const chunks = new Map<string, ArrowMessage[]>();
  let store: StoreId | undefined;
  let isActivated = false;
  for await (const message of reader.messages()) {
    if (
      message.store.kind !== "blueprint" ||
      (applicationId ?? message.store.applicationId) !== message.store.applicationId
    )
      continue;
    if (message.kind === "activation" || !isActivated) store = message.store;
    if (message.kind === "activation") isActivated = true;
    if (message.kind === "arrow") listOf(chunks, message.store).push(owned(message));
  }
  if (store !== undefined) return new LoadedBlueprint(store.applicationId, listOf(chunks, store));
  const others = reader.recordings().map((id) => `the ${id.kind} of ${id.applicationId}`);
  const wanted = applicationId === undefined ? "" : ` for ${applicationId}`;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `there is no blueprint${wanted} in it, only ${others.join(", ") || "nothing"}`,
  );
}

function listOf(chunks: Map<string, ArrowMessage[]>, store: StoreId): ArrowMessage[] {
  const key = storeKey(store);
  const list = chunks.get(key) ?? [];
  chunks.set(key, list);
  return list;
}

/** Plain data of its own: the reader's messages decode when they are looked into, and may be views of what it has read. */
function owned({ kind, store, payload, isStatic, summary }: ArrowMessage): ArrowMessage {
  return { kind, store, payload: payload.slice(), isStatic, summary };
}
