import { anyValues, RecordingInfo } from "../../archetypes/index.ts";
import type { LogRecord, Span } from "../model.ts";
import { CallGraph } from "./call-graph.ts";
import { CAPS, LeftOut } from "./caps.ts";
import { ComponentNames } from "./component-names.ts";
import { DeweyKeys, type KeyedSpan } from "./dewey.ts";
import { drawnSpans } from "./drawn-spans.ts";
import { EventTwins } from "./event-twins.ts";
import { duration, markdown } from "./labels.ts";
import { type LogRow, writeLogRecord, writeSpanEvent } from "./log-rows.ts";
import { Skew } from "./skew.ts";
import { slug } from "./slug.ts";
import { hasPlace, serviceOf, statusName } from "./span-facts.ts";
import { SpanTable } from "./span-table.ts";
import { STATIC, Times } from "./times.ts";
import { writeTraceSummary } from "./trace-summary.ts";
import { spanPath, writeSpanEntity } from "./waterfall.ts";

/** A whole trace, as a recording of its own shows it. */
export interface TraceContent {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
}

/**
 * A trace: the waterfall (an entity a span, its attributes static so that a click shows them wherever the cursor is), its logs, the
 * table, the calls and the summary. Used by live recordings and by `merge` alike.
 */
export class RequestLayout {
  readonly #log: LogRow;
  readonly #leftOut: LeftOut;
  readonly #times = new Times();
  readonly #keys = new DeweyKeys();
  readonly #twins = new EventTwins();
  readonly #table: SpanTable;
  readonly #graph: CallGraph;
  readonly #skew = new Skew();
  readonly #keyed: KeyedSpan[] = [];
  readonly #byId = new Map<string, Span>();
  readonly #services: string[] = [];
  readonly #resourceNames = new ComponentNames();
  readonly #attributeNames = new ComponentNames();
  #entities = 0;

  /** @param leftOut what was left out before it came here. */
  constructor(log: LogRow, leftOut = new LeftOut()) {
    this.#log = log;
    this.#leftOut = leftOut;
    this.#table = new SpanTable(log, this.#times);
    this.#graph = new CallGraph(this.#leftOut);
  }

  /** Spans with an entity of their own so far. */
  get entities(): number {
    return this.#entities;
  }

  /** Root of the trace; undefined as long as there is no span. */
  get root(): Span | undefined {
    return this.#keyed[0]?.span;
  }

  /**
   * Writes what is new of the trace. Spans that come after the first call take their place below their parents; what was written
   * stays as it is.
   *
   * @param maxEntities spans that may get an entity.
   */
  add({ spans, logs }: TraceContent, maxEntities: number = CAPS.traceSpans): void {
    const keyed = this.#keys.add(spans.filter(hasPlace));
    if (this.root === undefined && keyed[0] !== undefined) this.#begin(keyed[0].span);
    const services = new Set(this.#services);
    for (const keyedSpan of keyed) {
      this.#keyed.push(keyedSpan);
      this.#byId.set(keyedSpan.span.spanId, keyedSpan.span);
      services.add(serviceOf(keyedSpan.span));
    }
    this.#writeResources(keyed, [...services]);
    this.#writeSpans(keyed, maxEntities);
    for (const span of spans) if (!hasPlace(span)) this.#table.write(span);
    for (const record of logs) {
      if (!this.#twins.hasEvent(record)) writeLogRecord(this.#log, this.#times.at(record.time), record);
    }
    this.#graph.write(this.#log);
    this.#writeSummary();
  }

  #begin(root: Span): void {
    this.#times.at(root.startTime); // elapsed counts from the root
    const status = root.attributes["http.response.status_code"] ?? statusName(root);
    const name = `${status} · ${duration(root.endTime - root.startTime)} · ${root.name}`;
    this.#log("/__properties", STATIC, new RecordingInfo({ name, startTime: root.startTime }));
  }

  #writeSpans(keyed: readonly KeyedSpan[], maxEntities: number): void {
    const drawn = drawnSpans(keyed, Math.min(CAPS.traceSpans - this.#entities, maxEntities));
    this.#entities += drawn.length;
    if (drawn.length < keyed.length) this.#leftOut.add("spans of a trace", keyed.length - drawn.length);
    for (const { span } of keyed) {
      this.#table.write(span);
      this.#graph.add(span);
      this.#skew.add(span, this.#parentOf(span));
      for (const event of span.events) {
        if (!this.#twins.hasLog(span, event)) writeSpanEvent(this.#log, this.#times.at(event.time), span, event);
      }
    }
    for (const keyedSpan of drawn) {
      const parent = this.#parentOf(keyedSpan.span);
      writeSpanEntity(this.#log, this.#times, keyedSpan, parent, this.#services, this.#attributeNames);
    }
  }

  #writeResources(keyed: readonly KeyedSpan[], services: readonly string[]): void {
    for (const { span } of keyed) {
      const service = serviceOf(span);
      if (this.#services.includes(service)) continue;
      this.#services.push(service);
      const name = services.length === 1 ? "resource" : `resource_${slug(service)}`;
      this.#log(`/__properties/${name}`, STATIC, anyValues(this.#resourceNames.of(span.resource.attributes)));
    }
  }

  #writeSummary(): void {
    const { root } = this;
    if (root === undefined) return;
    const remarks = this.#skew.estimates().map(([service, by]) => {
      return `the clock of ${markdown(service)} seems to be ${duration(by < 0n ? -by : by)} ${by < 0n ? "behind" : "ahead"}`;
    });
    const leftOut = this.#leftOut.toString();
    if (leftOut !== "") remarks.push(`not drawn: ${leftOut}`);
    writeTraceSummary(this.#log, root, this.#keyed, spanPath, remarks);
  }

  #parentOf({ parentSpanId }: Span): Span | undefined {
    return parentSpanId === undefined ? undefined : this.#byId.get(parentSpanId);
  }
}
