import type { TimeCell } from "../pipeline/expander.ts";
import type { AsComponents } from "../rrd/component-batch.ts";

/**
 * Takes one row of a blueprint store. `entityPath` is escaped, with a leading slash; no times = static.
 * An expander's host and a recording's transport both fit behind it.
 */
export type LogBlueprintRow = (entityPath: string, components: AsComponents, times: readonly TimeCell[]) => void;

/**
 * Viewers ask for the latest row on the timeline `blueprint` and write what the user changes at later values, so everything is
 * logged at 0: a static row would hide those changes for ever (Rerun's blueprint stores).
 */
export const AT_ZERO: readonly TimeCell[] = [{ timeline: { name: "blueprint", type: "sequence" }, value: 0n }];

export const STATIC: readonly TimeCell[] = [];
