import type { Sink, SinkSpec } from "./sink.ts";
import { sinkKey } from "./sink-key.ts";
import { within } from "./within.ts";

/** How far one sink is with what was recorded before a flush. */
export interface SinkDelivery {
  /** A path or an address, as `String(sink)` of `fileSink` and `grpcSink`. */
  readonly sink: string;
  /** `late`: the deadline has passed and it goes on; `failed`: see `error`. */
  readonly status: "delivered" | "late" | "failed";
  /** Rows that will never be there, counted since the sink was opened. Undefined: the writer did not answer in time. */
  readonly lostRows?: number;
  /** Messages that wait in the sink. */
  readonly queuedMessages?: number;
  readonly error?: Error;
}

/** Flushes a sink, in `deadlineMillis` at most. Never rejects. `isExit`: see `Sink`. */
export async function deliver(
  sink: Sink,
  spec: SinkSpec,
  deadlineMillis: number,
  isExit: boolean,
): Promise<SinkDelivery> {
  const outcome = await within(deadlineMillis, sink.flush(deadlineMillis, isExit));
  const { lostRows, queuedMessages, state, error } = sink.status;
  const failure = outcome === "late" ? undefined : (outcome ?? (state === "failing" ? error : undefined));
  return {
    sink: sinkKey(spec),
    status: outcome === "late" ? "late" : failure === undefined ? "delivered" : "failed",
    lostRows,
    ...(queuedMessages !== undefined && { queuedMessages }),
    ...(failure !== undefined && { error: failure }),
  };
}
