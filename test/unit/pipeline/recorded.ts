import { createInlineTransport, type InlineTransportOptions } from "../../../src/pipeline/inline-transport.ts";
import type { Definition } from "../../../src/pipeline/record.ts";
import type { RecordingStats } from "../../../src/pipeline/recording-stats.ts";
import { RowEncoder, RowFlag, type RowTimes } from "../../../src/pipeline/row-encoder.ts";
import type { Transport } from "../../../src/pipeline/transport.ts";
import { openRrd } from "../../../src/reader.ts";
import type { ComponentBatch } from "../../../src/rrd/component-batch.ts";
import { scalar, TestClock } from "./harness.ts";

export interface RecordedChunk {
  readonly path: string;
  readonly numRows: number;
  /** Values of the timeline `frame`. */
  readonly frames: readonly number[];
  readonly timelines: readonly string[];
}

const FRAME: RowTimes["timelines"] = [{ name: "frame", type: "sequence" }];

export function frameTimes(frame: number): RowTimes {
  return { timelines: FRAME, values: [BigInt(frame)] };
}

/** One recording, number 1, on a transport with a clock that stands. */
export function recording(
  options: InlineTransportOptions = {},
  definition: Partial<Definition & { type: "recording" }> = {},
) {
  const clock = new TestClock();
  const transport = createInlineTransport({ clock, random: () => 0.5, environment: {}, ...options });
  const failures: unknown[] = [];
  const encoder = new RowEncoder(transport, { onFailure: ({ error }) => failures.push(error) });
  transport.define({
    type: "recording",
    no: 1,
    store: { kind: "recording", applicationId: "app", recordingId: "rec" },
    ...definition,
  });
  return {
    clock,
    transport,
    encoder,
    failures,
    log(path: string, frame: number, batches: readonly ComponentBatch[] = [{ spec: scalar, values: frame }]): boolean {
      return encoder.logRow(1, path, frameTimes(frame), batches, clock.now(), 0);
    },
    logStatic(path: string, value: number): boolean {
      return encoder.logRow(1, path, frameTimes(0), [{ spec: scalar, values: value }], clock.now(), RowFlag.static);
    },
    toMemory: (id = 1) => transport.requestSync({ type: "set-sinks", recording: 1, sinks: [{ kind: "memory", id }] }),
    flush: () => transport.requestSync({ type: "flush", timeoutMillis: 1000 }),
    stats: () => statsOf(transport),
    chunks: async (id = 1) => chunksOf(drained(transport, id)),
    bytes: (id = 1) => drained(transport, id),
  };
}

export function statsOf(transport: Transport, no = 1): RecordingStats {
  const { stats } = transport.requestSync({ type: "stats", recording: no });
  if (stats === undefined) throw new Error("no such recording");
  return stats;
}

export function drained(transport: Transport, id: number): Uint8Array {
  return transport.requestSync({ type: "drain-memory", id, timeoutMillis: 30_000 }).bytes ?? new Uint8Array(0);
}

export async function chunksOf(bytes: Uint8Array): Promise<readonly RecordedChunk[]> {
  const chunks: RecordedChunk[] = [];
  const reader = await openRrd(bytes);
  for await (const { entityPath, numRows, timelines } of reader.chunks()) {
    const frame = timelines.find(({ name }) => name === "frame");
    const frames = frame === undefined ? [] : Array.from({ length: numRows }, (_, row) => Number(frame.get(row)));
    chunks.push({ path: entityPath, numRows, frames, timelines: timelines.map(({ name }) => name) });
  }
  return chunks;
}
