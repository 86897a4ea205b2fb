import { RerunError } from "../errors.ts";
import type { ComponentColumnBatch } from "../rrd/component-batch.ts";
import type { ArchetypeComponents } from "./archetype.ts";
import { notFields, unknownField } from "./unknown-field.ts";

/**
 * Component columns for `sendColumns`: made by the `columns` of an archetype, one instance a row until partitioned.
 *
 *   Points3D.columns({ positions: sixPoints }).partition([2, 0, 4])      three rows
 */
export class ComponentColumns implements Iterable<ComponentColumnBatch> {
  readonly #batches: readonly ComponentColumnBatch[];

  constructor(batches: readonly ComponentColumnBatch[]) {
    this.#batches = batches;
  }

  /**
   * The same instances, `lengths[i]` of them in row i. The lengths must add up to the instances of every column.
   * @throws RerunError ERR_RERUN_ARGUMENT if a length is not a whole number from 0 on.
   */
  partition(lengths: ArrayLike<number>): ComponentColumns {
    if (typeof lengths?.length !== "number") {
      throw new RerunError(
        "ERR_RERUN_ARGUMENT",
        `partition takes the length of each row, [2, 0, 4]; got ${typeof lengths}`,
      );
    }
    const checked = Uint32Array.from(lengths);
    for (let i = 0; i < lengths.length; i++) {
      if (checked[i] !== lengths[i]) {
        throw new RerunError("ERR_RERUN_ARGUMENT", `length ${lengths[i]} of row ${i} must be a whole number from 0 on`);
      }
    }
    return new ComponentColumns(this.#batches.map(({ spec, values }) => ({ spec, lengths: checked, values })));
  }

  [Symbol.iterator](): Iterator<ComponentColumnBatch> {
    return this.#batches[Symbol.iterator]();
  }
}

/** Columns of the fields that are given; what is wrong with them is reported when they are sent. */
export function columnsOf(components: ArchetypeComponents, fields: object): ComponentColumns {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return new ComponentColumns([notFields(components, fields)]);
  }
  const batches: ComponentColumnBatch[] = [];
  for (const [name, values] of Object.entries(fields)) {
    if (values === undefined || values === null) continue;
    const spec = Object.hasOwn(components, name) ? components[name] : undefined;
    batches.push(spec === undefined ? unknownField(components, name) : { spec, lengths: undefined, values });
  }
  return new ComponentColumns(batches);
}
