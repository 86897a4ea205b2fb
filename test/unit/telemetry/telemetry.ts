import { ByteReader } from "../../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../../src/bytes/byte-writer.ts";
import type { ExpanderHost, StoreHandle, TimeCell } from "../../../src/pipeline/expander.ts";
import { RecordKind } from "../../../src/pipeline/record.ts";
import type { RecordingStats } from "../../../src/pipeline/recording-stats.ts";
import type { TelemetryOptions } from "../../../src/recording/telemetry-options.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import type { StoreId } from "../../../src/rrd/store-id.ts";
import { createExpander } from "../../../src/telemetry/layout/expander.ts";
import { writeLogRecord } from "../../../src/telemetry/log-codec.ts";
import { writeMetricPoint } from "../../../src/telemetry/metric-codec.ts";
import type { LogRecord, MetricPoint, Span, SpanStart } from "../../../src/telemetry/model.ts";
import { OriginWriter } from "../../../src/telemetry/origins.ts";
import { writeSpan, writeSpanStart } from "../../../src/telemetry/span-codec.ts";

export const MS = 1_000_000n;
export const SECOND = 1_000n * MS;
/** Where the times of tests begin. */
export const T0 = 1_700_000_000n * SECOND;

export const shop = { attributes: { "service.name": "shop" } };

/** A finished root span of 10 ms. */
export function span(spanId: string, part: Partial<Span> = {}): Span {
  return {
    traceId: "t1",
    spanId,
    name: spanId,
    kind: 0,
    startTime: T0,
    endTime: (part.startTime ?? T0) + 10n * MS,
    resource: shop,
    scope: { name: "test", version: "1.0.0" },
    status: { code: 0 },
    attributes: {},
    events: [],
    links: [],
    ...part,
  };
}

export function logRecord(body: string, part: Partial<LogRecord> = {}): LogRecord {
  return { time: T0, body, attributes: {}, scope: { name: "" }, resource: shop, ...part };
}

export interface SeenRow {
  readonly store: StoreId;
  readonly path: string;
  /** Timeline → value; empty for a static row. */
  readonly times: Readonly<Record<string, bigint>>;
  /** Component → values as they were given. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A host that keeps what it is told. */
export class FakeHost implements ExpanderHost {
  readonly rows: SeenRow[] = [];
  /** Like `open recording shop requests/t1`. */
  readonly told: string[] = [];
  readonly counts = { spans: 0, logs: 0 };
  stats_: Partial<RecordingStats> = {};

  openStore(id: StoreId): StoreHandle {
    const store = { id, isAnnounced: false };
    this.#tell("open", store);
    return store;
  }

  sendSame(id: StoreId, _beside: StoreHandle, _key: string, write: (store: StoreHandle) => void): void {
    const store = this.openStore(id);
    write(store);
    this.closeStore(store);
  }

  log(
    { id }: StoreHandle,
    path: string,
    times: readonly TimeCell[],
    components: AsComponents | readonly AsComponents[],
  ): void {
    const parts = "asComponentBatches" in components ? [components] : components;
    const batches = parts.flatMap((part) => part.asComponentBatches());
    this.rows.push({
      store: id,
      path,
      times: Object.fromEntries(times.map(({ timeline, value }) => [timeline.name, value])),
      values: Object.fromEntries(batches.map(({ spec, values }) => [spec.descriptor.component, values])),
    });
  }

  flush(): void {}

  activate(store: StoreHandle): void {
    this.#tell("activate", store);
  }

  repeatStoreInfo(store: StoreHandle): void {
    this.#tell("repeat", store);
  }

  bringToFront(store: StoreHandle): void {
    this.#tell("front", store);
  }

  closeStore(store: StoreHandle): void {
    this.#tell("close", store);
  }

  count(_: StoreHandle, what: "spans" | "logs", n: number): void {
    this.counts[what] += n;
  }

  stats(): RecordingStats {
    return {
      rowsAccepted: 0,
      rowsWritten: 0,
      rowsDropped: {},
      chunksWritten: 0,
      chunksByFlushReason: { rows: 0, bytes: 0, tick: 0, manual: 0, columns: 0 },
      bytesWritten: 0,
      pending: { rows: 0, bytes: 0, ageMillis: 0, lagMillis: 0 },
      sinks: [],
      ...this.counts,
      ...this.stats_,
    };
  }

  #tell(what: string, { id }: StoreHandle): void {
    this.told.push(`${what} ${id.kind} ${id.applicationId}/${id.recordingId}`);
  }
}

const encoded = new ByteWriter();

/** A recording whose telemetry goes through the records of the transport into the layout. */
export function recordingOf(options?: TelemetryOptions, host = new FakeHost()) {
  const store: StoreHandle = {
    id: { kind: "recording", applicationId: "shop", recordingId: "run" },
    isAnnounced: false,
  };
  const expander = createExpander(host);
  expander.open(store, options);
  const origins = new OriginWriter((definition) => expander.define(store, definition));
  const record = (kind: RecordKind, write: (writer: ByteWriter) => void): void => {
    encoded.reset();
    write(encoded);
    expander.record(store, kind, new ByteReader(encoded.written()));
  };
  return {
    host,
    start: (started: SpanStart) => record(RecordKind.spanStart, (writer) => writeSpanStart(writer, started, origins)),
    end: (ended: Span) => record(RecordKind.spanEnd, (writer) => writeSpan(writer, ended, origins)),
    log: (one: LogRecord) => record(RecordKind.log, (writer) => writeLogRecord(writer, one, origins)),
    metric: (point: MetricPoint) => record(RecordKind.metric, (writer) => writeMetricPoint(writer, point, origins)),
    tick: (now: bigint) => expander.tick(now),
    summarize: () => expander.summarize(),
    close: () => expander.close(store),
    /** Rows of the process's recording. */
    rows: (path: string | RegExp) =>
      host.rows.filter(({ store: { recordingId }, path: at }) => recordingId === "run" && matches(at, path)),
    /** Rows of the recording of a trace. */
    traceRows: (traceId: string, path: string | RegExp) =>
      host.rows.filter(({ store: { recordingId }, path: at }) => recordingId === traceId && matches(at, path)),
    traces: () => [...new Set(host.told.flatMap((line) => /^open recording .*\/(.*)/.exec(line)?.[1] ?? []))],
    summary: () =>
      String(
        host.rows.findLast(({ path, store: { recordingId } }) => path === "/summary" && recordingId === "run")?.values[
          "TextDocument:text"
        ],
      ),
  };
}

function matches(path: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? path === wanted : wanted.test(path);
}
