import { writeFileSync } from "node:fs";
import type { LogMessage } from "../../../src/rrd/log-message.ts";
import { openRrd } from "../../../src/rrd/reader/open-rrd.ts";
import { retargetChunk } from "../../../src/rrd/retarget-chunk.ts";
import { RrdFileWriter } from "../../../src/rrd/rrd-file-writer.ts";
import { storeInfoMessage } from "../../../src/rrd/store-info.ts";

const RECORDING = { kind: "recording", applicationId: "recast", recordingId: "recast" } as const;

/**
 * The blueprint of a file as a recording, since `rerun rrd compare` looks at recordings only; limited to the entities that are
 * wanted. Chunks are as they were.
 */
export async function recast(from: string, to: string, isWanted: (entityPath: string) => boolean): Promise<number> {
  const parts: Uint8Array[] = [];
  const writer = new RrdFileWriter((bytes) => parts.push(bytes.slice()), { writeFooter: true });
  writer.write(storeInfoMessage(RECORDING));
  let rows = 0;
  for await (const message of (await openRrd(from)).messages()) {
    if (!isBlueprintChunk(message) || !isWanted(message.summary.entityPath)) continue;
    writer.write(retargetChunk(message, RECORDING));
    rows += message.summary.numRows;
  }
  writer.finish();
  writeFileSync(to, Buffer.concat(parts));
  return rows;
}

function isBlueprintChunk(message: LogMessage): message is LogMessage & { kind: "arrow" } {
  return message.kind === "arrow" && message.store.kind === "blueprint";
}
