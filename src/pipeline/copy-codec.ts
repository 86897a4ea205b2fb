import type { ArrowMessage, ChunkSummary } from "../rrd/log-message.ts";
import type { Command } from "./command.ts";

type Copy = Extract<Command, { readonly type: "copy" }>;
type Range = { readonly start: bigint; readonly end: bigint };

/** A copy as JSON can say it: 64-bit integers are text, and the payloads follow the JSON as they are. */
export interface PackedCopy {
  readonly type: "copy";
  readonly recording: number;
  readonly chunks: readonly PackedChunk[];
}

interface PackedChunk {
  readonly store: ArrowMessage["store"];
  readonly isStatic: boolean;
  readonly payloadBytes: number;
  readonly summary: Packed<ChunkSummary>;
}

/** The same with text for integers and numbers for bytes. */
type Packed<T> = T extends bigint
  ? string
  : T extends Uint8Array
    ? readonly number[]
    : T extends object
      ? { readonly [K in keyof T]: Packed<T[K]> }
      : T;

export function packCopy({ type, recording, chunks }: Copy): PackedCopy {
  return { type, recording, chunks: chunks.map(packChunk) };
}

/** @param payloads what followed the JSON; the chunks' payloads are views of it. */
export function unpackCopy({ type, recording, chunks }: PackedCopy, payloads: Uint8Array): Copy {
  let at = 0;
  const unpacked = chunks.map(({ store, isStatic, payloadBytes, summary }): ArrowMessage => {
    const payload = payloads.subarray(at, at + payloadBytes);
    at += payloadBytes;
    return { kind: "arrow", store, payload, isStatic, summary: unpackSummary(summary) };
  });
  return { type, recording, chunks: unpacked };
}

function packChunk({ store, isStatic, payload, summary }: ArrowMessage): PackedChunk {
  const { id, timelines, components } = summary;
  return {
    store,
    isStatic,
    payloadBytes: payload.length,
    summary: {
      ...summary,
      id: [...id],
      timelines: timelines.map((timeline) => ({ ...timeline, ...packRange(timeline) })),
      components: components.map((component) => ({ ...component, ranges: component.ranges.map(packRange) })),
    } as Packed<ChunkSummary>,
  };
}

function unpackSummary(summary: Packed<ChunkSummary>): ChunkSummary {
  const { id, timelines, components } = summary;
  return {
    ...summary,
    id: Uint8Array.from(id),
    timelines: timelines.map((timeline) => ({ ...timeline, ...unpackRange(timeline) })),
    components: components.map((component) => ({ ...component, ranges: component.ranges.map(unpackRange) })),
  } as ChunkSummary;
}

function packRange({ start, end }: Range): Packed<Range> {
  return { start: `${start}`, end: `${end}` };
}

function unpackRange({ start, end }: Packed<Range>): Range {
  return { start: BigInt(start), end: BigInt(end) };
}
