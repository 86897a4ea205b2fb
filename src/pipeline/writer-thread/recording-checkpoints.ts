import { Counters } from "../counters.ts";
import type { Output } from "../output.ts";
import type { StoreTable } from "../store-table.ts";
import type { RecordingCheckpoint, RingPositions } from "./checkpoint.ts";

/** The output's recordings as they are now. */
export function checkpointsOf(
  stores: StoreTable,
  output: Output,
  positions: RingPositions,
): readonly RecordingCheckpoint[] {
  const checkpoints: RecordingCheckpoint[] = [];
  for (const [no, store] of stores.recordings) {
    if (store.output !== output) continue;
    const counters = ownCounts(store.counters);
    const isOwner = output.owner === no;
    const sinks = isOwner ? output.resumable : [];
    checkpoints.push({ no, sinks, counters, held: isOwner ? output.heldRows : 0, positions });
  }
  return checkpoints;
}

/** What another thread had logged into a recording before it ended its part: there is nothing to restore. */
export function endedPart(no: number, positions: RingPositions): RecordingCheckpoint {
  return { no, sinks: [], counters: ownCounts(new Counters()), held: 0, positions };
}

/** Without what is not counted but looked up. */
function ownCounts(counters: Counters): RecordingCheckpoint["counters"] {
  const { sinks: _, pending: __, ...own } = counters.snapshot([]);
  return own;
}

/** Goes on where another writer was: the recording is defined already. */
export function restore(stores: StoreTable, { no, sinks, counters, held }: RecordingCheckpoint): void {
  const store = stores.recording(no);
  if (store === undefined || stores.isAttached(no)) return;
  store.counters.restore(counters);
  // what no file has was in the other writer's memory (I3)
  const isLost = store.output.owner === no && !sinks.some(({ kind }) => kind === "file");
  if (isLost) store.counters.loseHeld(sinks.length === 0 ? "no-sink" : "sink", held);
  if (sinks.length === 0) return;
  store.output.setSinks(sinks);
  stores.configure(store.output);
}
