import type { BatcherEvent } from "../batcher-hooks.ts";
import type { PackedResult } from "../command-codec.ts";
import type { RingMessage } from "../ring/ring-message.ts";
import type { OutstandingRing } from "../ring/ring-producer.ts";

/** What a producing thread says to the writer thread. */
export type ToWriter =
  | RingMessage
  /** All of the ring, from a thread whose messages were not heard until now. */
  | { readonly type: "ring"; readonly ring: OutstandingRing };

/** What the writer thread says to a producing thread. */
export type FromWriter =
  /** The writer reads the thread's ring and hears what it says. */
  | { readonly type: "joined" }
  | { readonly type: "warning"; readonly message: string }
  /** What happened in a recording of the thread. */
  | { readonly type: "batcher"; readonly recording: number; readonly events: readonly BatcherEvent[] }
  /** In one message, which is what costs: answers to commands, and files that a recording has left. */
  | { readonly type: "done"; readonly replies: readonly Reply[]; readonly released: readonly string[] };

/** To the command of that number. */
export interface Reply {
  readonly no: number;
  readonly result: PackedResult;
}

/** How the writer thread is started. */
export interface WriterThreadData {
  readonly control: SharedArrayBuffer;
  readonly checkpoint: readonly SharedArrayBuffer[];
  readonly ring: OutstandingRing;
  /** The process's `performance.now()` at the moment 0 of `process.hrtime`, in milliseconds: threads have clocks of their own. */
  readonly clockOffset: number;
  /** `performance.timeOrigin` of the process. */
  readonly timeOrigin: number;
  /** Where other threads find the writer. */
  readonly hub: string;
}

/** How any thread of the process finds its writer: text and shared memory, so it can be handed on as often as needed. */
export interface WriterHandle {
  /** Name of a broadcast channel. */
  readonly hub: string;
  readonly control: SharedArrayBuffer;
}

/** One end of a line between two threads. */
export interface Line<Out, In> {
  post(message: Out): void;
  /** The next message, if one has arrived. */
  receive(): In | undefined;
  /** Called in the event loop, in order. */
  onMessage(take: (message: In) => void): void;
  close(): void;
}
