import type { TimeCell } from "../../pipeline/expander.ts";
import type { AsComponents } from "../../rrd/component-batch.ts";
import type { ArrowMessage } from "../../rrd/log-message.ts";

/** Writes one row of a blueprint. */
export type BlueprintRowWriter = (
  entityPath: string,
  components: AsComponents | readonly AsComponents[],
  times: readonly TimeCell[],
) => void;

/** What a recording needs to know of a blueprint (`otel-rerun/blueprint`): how to write its rows. */
export interface LoggableBlueprint {
  log(write: BlueprintRowWriter): void;
  /** Of a blueprint that was read from a file: sent as they are, after the rows. */
  readonly chunks?: readonly ArrowMessage[];
}
