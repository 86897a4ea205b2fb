import type { TimeCell } from "../../pipeline/expander.ts";
import type { AsComponents } from "../../rrd/component-batch.ts";
import type { StoreId } from "../../rrd/store-id.ts";
import type { Span } from "../model.ts";
import type { Trace } from "./trace-collector.ts";

/** Takes the rows of one store. */
export type LogRow = (
  entityPath: string,
  times: readonly TimeCell[],
  components: AsComponents | readonly AsComponents[],
) => void;

/** Draws a run whose spans come back from its table: what of it is made of all spans, and its traces. */
export interface MergeLayout {
  /** The run's summary and service graph. */
  openRun(log: LogRow): RunLayout;
  /** A whole trace, in a recording of its own. */
  writeTrace(log: LogRow, trace: Trace): void;
}

export interface RunLayout {
  /** Every span of the run, once, in any order. */
  addSpan(span: Span): void;
  /** A trace that has a recording of its own. */
  addNotable(recording: StoreId, trace: Trace): void;
  /** Writes the rows. */
  finish(): void;
}
