import type { SinkSpec } from "../../sinks/sink.ts";
import type { CountersSnapshot } from "../counters.ts";
import type { RingPosition } from "../ring/ring-position.ts";

/** Places in the rings, by the rings' numbers. */
export type RingPositions = Readonly<Record<number, RingPosition>>;

/** A recording as it is at a checkpoint. */
export interface RecordingCheckpoint {
  readonly no: number;
  /** Resumed where the files end. */
  readonly sinks: readonly SinkSpec[];
  readonly counters: CountersSnapshot;
  /** Rows that were written and are in the writer's memory only. */
  readonly held: number;
  /** Its records before are in the files. */
  readonly positions: RingPositions;
}

/** What a successor needs beside the rings: up to where the files are whole, and which records are in them. */
export interface Checkpoint {
  readonly recordings: readonly RecordingCheckpoint[];
  /** Recordings that ended, whose records may still be in the rings. */
  readonly ended: readonly number[];
  /** Segments that were begun since: what is in them comes once more. */
  readonly begun?: readonly string[];
}

const ACTIVE = 0;
const HEADER_BYTES = 16;
const FIRST_BYTES = 64 << 10;
const MAX_BYTES = 64 << 20;

/**
 * The last checkpoint, in shared memory, whole at every instant: a thread may die between any two instructions.
 *
 *   │ active │ length 0 │ length 1 │ … │  slot 0  │  slot 1  │        written into the other slot, then made the active one
 */
export class CheckpointBlock {
  readonly #words: Int32Array;
  readonly #slots: readonly [SharedArrayBuffer, SharedArrayBuffer];
  #last: Checkpoint = { recordings: [], ended: [] };

  /** @param buffers of another thread's block. */
  constructor(readonly buffers: readonly SharedArrayBuffer[] = newBuffers()) {
    this.#words = new Int32Array(buffers[0] as SharedArrayBuffer);
    this.#slots = [buffers[1] as SharedArrayBuffer, buffers[2] as SharedArrayBuffer];
  }

  get value(): Checkpoint | undefined {
    const active = Atomics.load(this.#words, ACTIVE);
    const length = active === 0 ? 0 : (this.#words[active] as number);
    if (length === 0) return undefined;
    return JSON.parse(Buffer.from(this.#slots[active - 1] as SharedArrayBuffer, 0, length).toString());
  }

  /** A segment was begun. Rotations are few: all is written again. */
  begins(path: string): void {
    this.write({ ...this.#last, begun: [...(this.#last.begun ?? []), path] });
  }

  /** False if it is larger than the block may become: then the last one still holds. */
  write(checkpoint: Checkpoint): boolean {
    const json = JSON.stringify(checkpoint);
    const slot = Atomics.load(this.#words, ACTIVE) === 1 ? 2 : 1;
    const buffer = this.#slots[slot - 1] as SharedArrayBuffer;
    const most = 3 * json.length;
    if (most > MAX_BYTES) return false;
    if (most > buffer.byteLength) buffer.grow(Math.min(MAX_BYTES, 2 * most));
    this.#words[slot] = Buffer.from(buffer).write(json);
    Atomics.store(this.#words, ACTIVE, slot);
    this.#last = checkpoint;
    return true;
  }
}

function newBuffers(): readonly SharedArrayBuffer[] {
  const slot = (): SharedArrayBuffer => new SharedArrayBuffer(FIRST_BYTES, { maxByteLength: MAX_BYTES });
  return [new SharedArrayBuffer(HEADER_BYTES), slot(), slot()];
}
