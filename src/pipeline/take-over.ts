import type { Checkpoint } from "./checkpoint.ts";
import type { Definition } from "./record.ts";
import { RingClient, type RingClientOptions } from "./ring-client.ts";
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
 * I4: no row is lost and none is there twice. Rows that only memory had are gone with the thread, and counted: of memory sinks, of the
 * window of black boxes, and of recordings that nobody had said a place for, such as those of requests that were not decided.
 */
export function takeOver({ writer, definitions, ring, checkpoint, onCommand }: TakeOverOptions): void {
  for (const definition of definitions) writer.define(definition);
  for (const recording of checkpoint?.recordings ?? []) writer.stores.restore(recording);
  const client = new RingClient({ no: 0, ring, clockSkew: 0, receive: () => {}, onCommand });
  client.readAgain(writer, checkpoint ?? NOTHING);
}

const NOTHING: Checkpoint = { recordings: [], ended: [] };
