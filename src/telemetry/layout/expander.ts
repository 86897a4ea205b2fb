import type { ByteReader } from "../../bytes/byte-reader.ts";
import type { CreateExpander, Expander, ExpanderHost, StoreHandle } from "../../pipeline/expander.ts";
import { RecordKind } from "../../pipeline/record.ts";
import type { TelemetryOptions } from "../../recording/telemetry-options.ts";
import { readLogRecord } from "../log-codec.ts";
import { readMetricPoint } from "../metric-codec.ts";
import type { LogRecord, MetricPoint, Span, SpanStart } from "../model.ts";
import { type OriginDefinition, OriginReader } from "../origins.ts";
import { readSpan, readSpanStart } from "../span-codec.ts";
import { ProcessLayout } from "./process-layout.ts";
import { isServerError } from "./span-facts.ts";
import { TraceLayout } from "./trace-layout.ts";

/** The layout of telemetry, as the pipeline's writer calls it. */
export const createExpander: CreateExpander = (host) => new TelemetryExpander(host);

/** What a layout makes of telemetry; `bytes` are those of the record, for its limits. */
interface RecordingLayout {
  spanStart(span: SpanStart, bytes: number): void;
  spanEnd(span: Span, bytes: number): void;
  log(record: LogRecord, bytes: number): void;
  metric(point: MetricPoint): void;
  tick(nowNanos: bigint): void;
  summarize(): void;
  close(): void;
}

interface OpenRecording {
  readonly layout: RecordingLayout;
  readonly origins: OriginReader;
}

/** Reads the records of all recordings, each into a layout of its own. */
class TelemetryExpander implements Expander {
  readonly #host: ExpanderHost;
  readonly #recordings = new Map<StoreHandle, OpenRecording>();

  constructor(host: ExpanderHost) {
    this.#host = host;
  }

  open(recording: StoreHandle, options: unknown): void {
    const telemetry = (options ?? {}) as TelemetryOptions;
    const Layout = telemetry.layout === "request" ? TraceLayout : ProcessLayout;
    const layout = new Layout(this.#host, recording, telemetry);
    this.#recordings.set(recording, { layout, origins: new OriginReader() });
  }

  define(recording: StoreHandle, value: unknown): void {
    this.#recordings.get(recording)?.origins.define(value as OriginDefinition);
  }

  record(recording: StoreHandle, kind: RecordKind, reader: ByteReader): void {
    const open = this.#recordings.get(recording);
    if (open === undefined) return;
    const { layout, origins } = open;
    const start = reader.position;
    switch (kind) {
      case RecordKind.spanStart: {
        const span = readSpanStart(reader, origins);
        layout.spanStart(span, reader.position - start);
        break;
      }
      case RecordKind.spanEnd: {
        const span = readSpan(reader, origins);
        if (isServerError(span)) this.#host.notice?.("http5xx");
        layout.spanEnd(span, reader.position - start);
        break;
      }
      case RecordKind.log: {
        const record = readLogRecord(reader, origins);
        layout.log(record, reader.position - start);
        break;
      }
      case RecordKind.metric:
        layout.metric(readMetricPoint(reader, origins));
    }
  }

  tick(nowNanos: bigint): void {
    for (const { layout } of this.#recordings.values()) layout.tick(nowNanos);
  }

  summarize(): void {
    for (const { layout } of this.#recordings.values()) layout.summarize();
  }

  close(recording: StoreHandle): void {
    const open = this.#recordings.get(recording);
    this.#recordings.delete(recording);
    open?.layout.close();
  }

  forget(recording: StoreHandle): void {
    this.#recordings.delete(recording);
  }
}
