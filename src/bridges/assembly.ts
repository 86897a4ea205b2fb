import type { LogRecord, MetricPoint, Span } from "../telemetry/model.ts";
import type { Decoded, Note } from "./decoded.ts";
import type { Destination } from "./destination.ts";
import { TraceAssembler } from "./trace-assembler.ts";

/** From what readers find to what destinations take: traces are put together, the rest passes. */
export class Assembly implements Decoded {
  readonly #destination: Destination;
  readonly #assembler: TraceAssembler;
  readonly #now: () => number;
  /** Log records and points that say no time: they have no place on any time line. */
  #untimed = 0;
  #circles = 0;

  /** @param now a clock for `flushIdle`; none when all is of one input. */
  constructor(destination: Destination, now: () => number = () => 0) {
    this.#destination = destination;
    this.#now = now;
    this.#assembler = new TraceAssembler((trace) => {
      this.#circles += trace.cut.length;
      destination.trace(trace);
    });
  }

  get untimed(): number {
    return this.#untimed;
  }

  /** Circles of spans that name each other as parents, which were cut. */
  get circles(): number {
    return this.#circles;
  }

  /** Bytes that wait, about. */
  get bytes(): number {
    return this.#assembler.bytes;
  }

  span(span: Span): void {
    this.#assembler.span(span, this.#now());
  }

  log(record: LogRecord): void {
    const { traceId } = record;
    if (record.time === 0n) this.#untimed++;
    else if (traceId === undefined) this.#destination.log(record);
    else this.#assembler.log({ ...record, traceId }, this.#now());
  }

  metric(dataPoints: readonly (readonly MetricPoint[])[]): void {
    for (const points of dataPoints) {
      if (points[0]?.time === 0n) this.#untimed++;
      else for (const point of points) this.#destination.point(point);
    }
  }

  note(_note: Note): void {}

  flush(): void {
    this.#assembler.flush();
  }

  /** Hands on traces of which nothing came since that time of the clock. */
  flushIdle(since: number): void {
    this.#assembler.flushIdle(since);
  }
}
