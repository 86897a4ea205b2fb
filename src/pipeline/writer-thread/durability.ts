import type { Output } from "../output.ts";
import type { RingConsumer } from "../ring/ring-consumer.ts";
import { isBefore, type RingPosition, START } from "../ring/ring-position.ts";
import type { EndedRecording, StoreTable } from "../store-table.ts";
import type { CheckpointBlock, RecordingCheckpoint, RingPositions } from "./checkpoint.ts";
import { checkpointsOf, endedPart } from "./recording-checkpoints.ts";

/** The rings that are read, by their numbers. */
export type Rings = ReadonlyMap<number, RingConsumer>;

/**
 * Rows are forced into the files when so many bytes of rings wait for them. That many are used again, segment by segment
 * (src/pipeline/ring/ring-producer.ts): when they were not there was a new segment of 16 MiB every 17 s, and 400 MB of them before a collector
 * came by.
 */
const FORCE_BYTES = 12 << 20;

interface Mark {
  readonly positions: RingPositions;
  /** See `Output`. */
  readonly rotations: number;
  readonly recordings: readonly RecordingCheckpoint[];
}

/**
 * Says which records are safe, and frees those.
 *
 *   ring      ──────────────┬───────────────────────┬──────────▶
 *                     mark of output A       mark of output B = read so far: nothing of B waits in memory
 *                     = durable              ┆ and its file was that long
 *
 * An output is marked whenever none of its rows is in an accumulator. A successor cuts each file to the length of its mark and reads
 * the rings from there: no row is lost, none is there twice (I4). Where that would keep too much, rows are flushed first.
 */
export class Durability {
  readonly #stores: StoreTable;
  readonly #block: CheckpointBlock | undefined;
  #marks = new Map<Output, Mark>();
  #durable: RingPositions = {};
  #ended: (EndedRecording & { readonly positions: RingPositions })[] = [];

  /** @param block undefined: no other writer can follow, what is safe is only freed. */
  constructor(stores: StoreTable, block: CheckpointBlock | undefined) {
    this.#stores = stores;
    this.#block = block;
    if (block !== undefined) stores.takeEnded();
  }

  /**
   * Called between records.
   * @param publish runs what tells others
   */
  update(rings: Rings, publish: (work: () => void) => void = (work) => work()): void {
    const read = positionsOf(rings);
    let isForced = false;
    for (const ring of rings.values()) isForced ||= ring.control.isWaitedFor || ring.keptBytes >= FORCE_BYTES;
    this.#mark(read, isForced);
    let durable = read;
    for (const { positions } of this.#marks.values()) durable = earlier(durable, positions);
    publish(() => {
      // first the block, then the memory: what a successor needs is never freed before it is known to be safe
      if (this.#block !== undefined && !this.#write(this.#block, read, durable)) return;
      this.#durable = durable;
      for (const [no, ring] of rings) ring.free(durable[no] as RingPosition);
    });
  }

  #write(block: CheckpointBlock, read: RingPositions, durable: RingPositions): boolean {
    for (const recording of this.#stores.takeEnded()) this.#ended.push({ ...recording, positions: read });
    this.#ended = this.#ended.filter(({ positions }) => !isReached(positions, durable));
    const recordings = [...this.#marks.values()].flatMap((mark) => mark.recordings);
    const ended: number[] = [];
    for (const { no, partOf } of this.#ended) {
      const mark = partOf && this.#marks.get(partOf);
      // a part is in the files as far as the rest of the recording is
      if (mark === undefined) ended.push(no);
      else recordings.push(endedPart(no, mark.positions));
    }
    return block.write({ recordings, ended });
  }

  #mark(read: RingPositions, isForced: boolean): void {
    const marks = new Map<Output, Mark>();
    for (const group of this.#groups()) {
      const isFlushed = isForced || group.some((output) => this.#isBehind(output));
      if (isFlushed) for (const output of group) this.#stores.flush(output);
      const isSafe = isFlushed || group.every((output) => this.#stores.isSafe(output));
      if (isSafe) for (const output of group) output.drained();
      for (const output of group) {
        const recordings = isSafe ? checkpointsOf(this.#stores, output, read) : undefined;
        const { rotations } = output;
        const mark = recordings === undefined ? this.#marks.get(output) : { positions: read, recordings, rotations };
        marks.set(output, mark ?? { positions: this.#durable, recordings: [], rotations: 0 });
      }
    }
    this.#marks = marks;
  }

  /** Marked in a segment that has ended: what came behind it would be there twice, and its descriptor may be another file's soon. */
  #isBehind(output: Output): boolean {
    return this.#block !== undefined && output.rotations !== (this.#marks.get(output)?.rotations ?? 0);
  }

  /** Outputs that share a file are safe together, since the file has one length. */
  #groups(): readonly (readonly Output[])[] {
    const groups: Output[][] = [];
    const ofPath = new Map<string, Output[]>();
    for (const output of this.#stores.outputs()) {
      let group: Output[] | undefined;
      for (const { path } of output.files) group ??= ofPath.get(path);
      if (group === undefined) {
        group = [];
        groups.push(group);
      }
      group.push(output);
      for (const { path } of output.files) ofPath.set(path, group);
    }
    return groups;
  }
}

export function positionsOf(rings: Rings): RingPositions {
  const positions: Record<number, RingPosition> = {};
  for (const [no, ring] of rings) positions[no] = ring.position;
  return positions;
}

/** The earlier position in each ring. One that is not named in `b` is new, and nothing in it is safe. */
function earlier(a: RingPositions, b: RingPositions): RingPositions {
  const positions: Record<number, RingPosition> = {};
  for (const [key, position] of Object.entries(a)) {
    const other = b[Number(key)] ?? START;
    positions[Number(key)] = isBefore(other, position) ? other : position;
  }
  return positions;
}

function isReached(positions: RingPositions, durable: RingPositions): boolean {
  for (const [key, position] of Object.entries(positions)) {
    const here = durable[Number(key)];
    if (here !== undefined && isBefore(here, position)) return false;
  }
  return true;
}
