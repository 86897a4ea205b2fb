import type { LogRecord, MetricPoint, Span } from "../telemetry/model.ts";
import type { Decoded, Note } from "./decoded.ts";

/** Traces beyond this many are counted again when they come back. */
const MAX_TRACES = 1 << 18;

export interface TelemetryCounts {
  /** Distinct trace ids. */
  readonly traces: number;
  readonly spans: number;
  /** Spans whose status is an error. */
  readonly errors: number;
  /** Events of spans. */
  readonly events: number;
  /** Those among them that are exceptions. */
  readonly exceptions: number;
  readonly links: number;
  readonly logs: number;
  readonly metrics: number;
  readonly dataPoints: number;
  /** Names of services, sorted. */
  readonly services: readonly string[];
  /** Earliest start of a span, log or data point, in nanoseconds since the epoch. */
  readonly startTime?: bigint;
  readonly endTime?: bigint;
}

/** Counts what is read, as it passes by. */
export class Tally implements Decoded {
  readonly #next: Decoded;
  readonly #traces = new Set<number>();
  readonly #services = new Set<string>();
  readonly #notes = new Map<Note, number>();
  #traceCount = 0;
  #spans = 0;
  #errors = 0;
  #events = 0;
  #exceptions = 0;
  #links = 0;
  #logs = 0;
  #metrics = 0;
  #dataPoints = 0;
  #startTime: bigint | undefined;
  #endTime: bigint | undefined;

  constructor(next: Decoded) {
    this.#next = next;
  }

  get isEmpty(): boolean {
    return this.#spans + this.#logs + this.#metrics === 0;
  }

  /** What was noted, and how often. */
  get notes(): ReadonlyMap<Note, number> {
    return this.#notes;
  }

  get counts(): TelemetryCounts {
    return {
      traces: this.#traceCount,
      spans: this.#spans,
      errors: this.#errors,
      events: this.#events,
      exceptions: this.#exceptions,
      links: this.#links,
      logs: this.#logs,
      metrics: this.#metrics,
      dataPoints: this.#dataPoints,
      services: [...this.#services].sort(),
      ...(this.#startTime === undefined ? {} : { startTime: this.#startTime }),
      ...(this.#endTime === undefined ? {} : { endTime: this.#endTime }),
    };
  }

  span(span: Span): void {
    this.#spans++;
    this.#events += span.events.length;
    this.#links += span.links.length;
    for (const { name } of span.events) if (name === "exception") this.#exceptions++;
    if (span.status.code === 2) this.#errors++;
    if (span.traceId === "") this.note("spans without a trace id");
    else this.#seeTrace(span.traceId);
    if (span.startTime === 0n) this.note("spans without a start");
    this.#seeService(span);
    this.#seeTime(span.startTime);
    this.#seeTime(span.endTime);
    this.#next.span(span);
  }

  log(record: LogRecord): void {
    this.#logs++;
    this.#seeService(record);
    this.#seeTime(record.time);
    this.#next.log(record);
  }

  metric(dataPoints: readonly (readonly MetricPoint[])[]): void {
    this.#metrics++;
    this.#dataPoints += dataPoints.length;
    for (const points of dataPoints) {
      const [point] = points;
      if (point === undefined) continue;
      this.#seeService(point);
      this.#seeTime(point.time);
    }
    this.#next.metric(dataPoints);
  }

  note(note: Note): void {
    this.#notes.set(note, (this.#notes.get(note) ?? 0) + 1);
    this.#next.note(note);
  }

  /** By a 53-bit digest: an id as text would take four times the memory. */
  #seeTrace(traceId: string): void {
    let digest = 0;
    for (let at = 0; at < traceId.length; at++) digest = (digest * 31 + (traceId.charCodeAt(at) & 0xff)) % PRIME;
    if (this.#traces.has(digest)) return;
    if (this.#traces.size >= MAX_TRACES) this.#traces.clear();
    this.#traces.add(digest);
    this.#traceCount++;
  }

  #seeService({ resource }: { readonly resource: Span["resource"] }): void {
    const service = resource.attributes["service.name"];
    if (typeof service === "string" && service !== "" && this.#services.size < MAX_SERVICES)
      this.#services.add(service);
  }

  #seeTime(time: bigint): void {
    if (time === 0n) return;
    if (this.#startTime === undefined || time < this.#startTime) this.#startTime = time;
    if (this.#endTime === undefined || time > this.#endTime) this.#endTime = time;
  }
}

const MAX_SERVICES = 1000;

/** Below 2⁵³ / 31, so that the digest stays an exact integer. */
const PRIME = 290_554_814_668_849;
