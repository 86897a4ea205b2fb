import type { TimeCell } from "../pipeline/expander.ts";
import type { AsComponents } from "../rrd/component-batch.ts";

/** Writes one row of a blueprint. */
export type BlueprintRowWriter = (
  entityPath: string,
  components: AsComponents | readonly AsComponents[],
  times: readonly TimeCell[],
) => void;

/** What a recording needs to know of a blueprint (`otel-rerun/blueprint`): how to write its rows. */
export interface LoggableBlueprint {
  log(write: BlueprintRowWriter): void;
}
