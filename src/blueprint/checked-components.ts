import { ByteWriter } from "../bytes/byte-writer.ts";
import { RerunError } from "../errors.ts";
import { wrongOptions } from "../option-names.ts";
import { encodeComponent } from "../pipeline/values/value-encoder.ts";
import type { AsComponents } from "../rrd/component-batch.ts";

/**
 * Encodes the values once, for nothing, so that a mistake in a layout is thrown by the line that made it. A row that is logged
 * would only be warned about (I1); but viewers refuse a whole blueprint for one wrong component (rrd-format §9.6), and a layout
 * is put together once, by hand.
 *
 * @param owner what the message begins with, e.g. `TimeSeriesView, plotLegend`.
 * @throws RerunError ERR_RERUN_ARGUMENT that names owner, field, what was expected and what was given.
 */
export function checkedComponents<T extends AsComponents>(owner: string, components: T): T {
  const scratch = new ByteWriter(256);
  for (const { spec, values } of components.asComponentBatches()) {
    if (spec.problem !== undefined) throw new RerunError("ERR_RERUN_ARGUMENT", `${owner}: ${spec.problem}`);
    if (values === undefined) continue;
    try {
      encodeComponent(spec, values, scratch);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RerunError("ERR_RERUN_ARGUMENT", `${owner}: ${reason}`, { cause });
    }
  }
  return components;
}

/** Whether this can be logged: an archetype, some of its fields, any-values, or a class of the user's. */
export function isAsComponents(value: unknown): value is AsComponents {
  return typeof value === "object" && value !== null && "asComponentBatches" in value;
}

/** @throws RerunError ERR_RERUN_ARGUMENT for a misspelt option, which would otherwise do nothing, and for what are no options. */
export function checkOptionNames(owner: string, options: object, known: readonly string[]): void {
  const wrong = wrongOptions(owner, options, known);
  if (wrong !== undefined) throw wrong;
  if (options === null) throw new RerunError("ERR_RERUN_ARGUMENT", `${owner} has an object for its options, got null`);
}
