import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import { BatchProcessor, type BatchProcessorOptions } from "../../../src/pipeline/batch-processor.ts";
import { BatcherConfig } from "../../../src/pipeline/batcher-config.ts";
import { Clock, type ClockSource } from "../../../src/pipeline/clock.ts";
import type { JoinPolicy } from "../../../src/pipeline/entity-rows.ts";
import type { ShapeDefinition } from "../../../src/pipeline/record.ts";
import type { FlushReason } from "../../../src/pipeline/recording-stats.ts";
import { RowIds } from "../../../src/pipeline/row-ids.ts";
import type { ComponentSpec } from "../../../src/rrd/component-batch.ts";

/** A clock that stands until it is moved. */
export class TestClock implements ClockSource {
  millis = 1000;
  wallMillis = 1_700_000_000_000;

  now(): number {
    return this.millis;
  }

  wall(): number {
    return this.wallMillis;
  }

  advance(millis: number): void {
    this.millis += millis;
    this.wallMillis += millis;
  }
}

export const scalar: ComponentSpec = {
  descriptor: {
    archetype: "rerun.archetypes.Scalars",
    component: "Scalars:scalars",
    componentType: "rerun.components.Scalar",
  },
  type: "Float64",
};

export const text: ComponentSpec = {
  descriptor: {
    archetype: "rerun.archetypes.TextLog",
    component: "TextLog:text",
    componentType: "rerun.components.Text",
  },
  type: "Utf8",
};

export const byFrame: ShapeDefinition = {
  isStatic: false,
  logTime: false,
  timelines: [{ name: "frame", type: "sequence" }],
  columns: [scalar],
};

export interface SeenChunk {
  readonly path: string;
  readonly reason: FlushReason;
  /** Timeline name → times. */
  readonly times: Readonly<Record<string, readonly bigint[]>>;
  readonly sorted: readonly boolean[];
  readonly components: readonly string[];
  /** As hex, one per row. */
  readonly rowIds: readonly string[];
}

/** A batch processor whose chunks are copied into `chunks`. */
export function batching(
  config: Partial<BatcherConfig> = {},
  clock = new TestClock(),
  onInsert?: BatchProcessorOptions["onInsert"],
) {
  const chunks: SeenChunk[] = [];
  const discarded: number[] = [];
  const ours = new Clock(clock);
  const processor = new BatchProcessor({
    config: { ...BatcherConfig.default, ...config },
    context: { clock: ours, rowIds: new RowIds(ours, () => 0.5) },
    nextChunkId: () => new Uint8Array(16),
    onInsert,
    onDiscard: (rows) => discarded.push(rows),
    emit(chunk, reason) {
      const hex = Buffer.from(chunk.rowIds).toString("hex");
      chunks.push({
        path: chunk.entityPath,
        reason,
        times: Object.fromEntries(chunk.timelines.map(({ name, times }) => [name, [...times]])),
        sorted: chunk.timelines.map((timeline) => timeline.isSorted),
        components: chunk.components.map(({ descriptor }) => descriptor.component),
        rowIds: hex.match(/.{32}/g) ?? [],
      });
    },
  });
  return {
    clock,
    chunks,
    discarded,
    processor,
    /** One scalar row at that frame. */
    row(path: string, frame: number, shape: ShapeDefinition = byFrame, join?: JoinPolicy): void {
      const row = new ByteWriter();
      for (let i = 0; i < shape.timelines.length; i++) row.i64(BigInt(frame));
      for (const { type } of shape.columns) {
        row.u32(1);
        if (type === "Float64") row.f64(frame);
        else row.string("text");
      }
      processor.row(path, shape, new ByteReader(row.written()), clock.now(), join);
    },
    frames: () => chunks.map(({ path, times }) => `${path} ${times.frame?.join(",")}`),
  };
}
