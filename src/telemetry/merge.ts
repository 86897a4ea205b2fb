import { storeKey } from "../rrd/store-id.ts";
import { storeInfoMessage } from "../rrd/store-info.ts";
import { type MergeInput, messagesOf, rowsOf } from "./merge/merge-input.ts";
import type { MergeLayout } from "./merge/merge-layout.ts";
import { type MergeOutput, writeWhole } from "./merge/merge-output.ts";
import { MergePlan } from "./merge/merge-plan.ts";
import { isRead, RunRebuild } from "./merge/run-rebuild.ts";
import { traceLayout } from "./merge/trace-layout.ts";

export type { MergeInput } from "./merge/merge-input.ts";

/**
 * Several files → one. Processes that share a recording write a file each, and none of them sees the whole: a trace goes through
 * several services, and the summary of each knows its own requests only.
 *
 *   pass 1   every message    ─▶ plan: runs, their processes and notable traces
 *   pass 2   every message    ─▶ copied as it is, but for what is made of spans
 *            rows of /spans   ─▶ summary, service graph, waterfall of each notable trace, written anew
 *
 * A run comes last of its stores, so that the file opens on its dashboard. Files are read one at a time; what is kept is the
 * spans of the notable traces (I7). The new file gets its name when it is complete.
 *
 * @param path the new file; an existing one is replaced.
 * @throws RerunError ERR_RERUN_FORMAT for a file that is no recording, ERR_RERUN_FILE when the new one cannot be written.
 */
export async function mergeRecordings(
  inputs: readonly MergeInput[],
  path: string,
  layout: MergeLayout = traceLayout,
): Promise<void> {
  const plan = new MergePlan();
  for (const input of inputs) for await (const message of messagesOf(input)) plan.observe(message);

  await writeWhole(path, (output) => write(inputs, plan, output, layout));
}

async function write(
  inputs: readonly MergeInput[],
  plan: MergePlan,
  output: MergeOutput,
  layout: MergeLayout,
): Promise<void> {
  const rebuilds = new Map<string, RunRebuild>();
  for (const id of plan.processes) {
    const rebuild = new RunRebuild(output.host, output.open(id), plan.traces(id), layout);
    rebuild.writeDashboard(plan.instances(id), plan.entities(id));
    rebuilds.set(storeKey(id), rebuild);
  }
  for (const id of plan.copiedStores) if (!rebuilds.has(storeKey(id))) output.copy(storeInfoMessage(id));
  for (const input of inputs) {
    for await (const message of messagesOf(input)) {
      if (plan.isCopied(message)) output.copy(message);
      const rebuild = rebuilds.get(storeKey(message.store));
      if (message.kind === "arrow" && rebuild !== undefined && isRead(message.summary.entityPath)) {
        rebuild.read(rowsOf(message));
      }
    }
  }
  for (const rebuild of rebuilds.values()) rebuild.finish();
}
