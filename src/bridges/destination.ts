import type { LogRecord, MetricPoint } from "../telemetry/model.ts";
import type { AssembledTrace } from "./trace-assembler.ts";

/** Where telemetry goes that was read and put together. */
export interface Destination {
  trace(trace: AssembledTrace): void;
  /** A log record that belongs to no trace. */
  log(record: LogRecord): void;
  point(point: MetricPoint): void;
  /** More waits to be written than should: whoever can make its sources wait does. */
  readonly isBehind?: boolean;
}
