import type { DataType } from "../arrow/datatype.ts";
import type { AsComponents, ComponentBatch, ComponentSpec } from "../rrd/component-batch.ts";
import { SpecTable } from "./spec-table.ts";

const specs = new SpecTable();

/**
 * Rows that have always the same free-form components, as `anyValues` makes them from an object. Their specs are made once: looking
 * each field up and finding its type took 2.3 of the 4.5 µs in which a row of the span table was put together.
 */
export class RowForm<Field extends string> {
  readonly #specs: readonly (readonly [Field, ComponentSpec])[];

  /** @param archetype groups the components in the viewer and prefixes their names; undefined: neither. */
  constructor(types: Readonly<Record<Field, DataType>>, archetype?: string) {
    const fields = Object.entries(types) as [Field, DataType][];
    this.#specs = fields.map(([field, type]) => [field, specs.intern(archetype, field, type)]);
  }

  row(values: Readonly<Record<Field, unknown>>): AsComponents {
    const batches: ComponentBatch[] = [];
    for (const [field, spec] of this.#specs) batches.push({ spec, values: values[field] });
    return { asComponentBatches: () => batches };
  }
}
