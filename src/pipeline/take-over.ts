import type { Checkpoint, RecordingCheckpoint } from "./checkpoint.ts";
import { type Definition, RecordKind } from "./record.ts";
import { RingClient, type RingClientOptions } from "./ring-client.ts";
import { isBefore, type RingPosition } from "./ring-consumer.ts";
import type { OutstandingRing } from "./ring-producer.ts";
import type { Writer } from "./writer.ts";

export interface TakeOverOptions {
  readonly writer: Writer;
  readonly definitions: Iterable<Definition>;
  readonly ring: OutstandingRing;
  /** Undefined: the writer before had not written anything. */
  readonly checkpoint: Checkpoint | undefined;
  readonly onCommand: RingClientOptions["onCommand"];
}

/**
 * A new writer goes on where another one stopped, at whatever moment that was.
 *
 *   files     ══════════════╪──────── cut                     each to the length that its checkpoint says
 *   ring      ──────────────┴═══════════════════════▶ head    records behind the checkpoint of their recording are read again
 *
 * I4: no row is lost and none is there twice. Rows that only a memory sink had are gone with the thread.
 */
export function takeOver({ writer, definitions, ring, checkpoint, onCommand }: TakeOverOptions): void {
  for (const definition of definitions) writer.define(definition);
  const recordings = checkpoint?.recordings ?? [];
  for (const recording of recordings) writer.stores.restore(recording);
  const client = new RingClient({ no: 0, ring, clockSkew: 0, receive: () => {}, onCommand });
  const positions = new Map(recordings.map((recording) => [recording.no, positionIn(recording, 0)]));
  const ended = new Set(checkpoint?.ended);
  const { consumer } = client;
  // record by record, since each recording begins somewhere else
  for (;;) {
    const bytes = consumer.read((memory, from, to) => {
      const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
      const end = from + view.getUint32(from, true);
      if (memory[from + 4] === RecordKind.pad) return to;
      const recording = view.getUint32(from + 8, true);
      const position = positions.get(recording);
      const isKnown = ended.has(recording) || (position !== undefined && isBefore(consumer.position, position));
      if (!isKnown || memory[from + 4] === RecordKind.define) client.give(writer, memory, from, end);
      return end;
    }, 1);
    if (bytes === 0) break;
  }
}

function positionIn({ positions }: RecordingCheckpoint, ring: number): RingPosition {
  return positions[ring] ?? { segment: 0, at: 0 };
}
