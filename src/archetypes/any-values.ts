import type { DataType } from "../arrow/datatype.ts";
import { optionNames, wrongOptions } from "../option-names.ts";
import type { AsComponents, ComponentBatch, ComponentColumnBatch } from "../rrd/component-batch.ts";
import { anyColumn } from "./any-column.ts";
import { ComponentColumns } from "./component-columns.ts";
import { inferType } from "./inferred-type.ts";
import { SpecTable } from "./spec-table.ts";
import { mistake } from "./unknown-field.ts";

export interface AnyValuesOptions {
  /** Datatypes of fields that are not to be inferred, e.g. `{ load: "Float64" }` for a number that is sometimes whole. */
  readonly types?: Readonly<Record<string, DataType>>;
}

const NAMES = optionNames<AnyValuesOptions>({ types: true });

const specs = new SpecTable();

/** Free-form components, each named and typed by its field. Made by `anyValues` and `dynamicArchetype`. */
export class AnyValues implements AsComponents {
  readonly #batches: ComponentBatch[] = [];

  /** @param archetype groups the components in the viewer and prefixes their names; undefined: neither. */
  constructor(fields: Readonly<Record<string, unknown>>, options?: AnyValuesOptions, archetype?: string) {
    const types = this.#typesOf(options, archetype);
    for (const key in fields) {
      const value = fields[key];
      const type = types !== undefined && Object.hasOwn(types, key) ? types[key] : undefined;
      if (type !== undefined && value !== undefined && value !== null) {
        this.#batches.push({ spec: specs.intern(archetype, key, type), values: value });
        continue;
      }
      const inferred = inferType(value);
      if (inferred === undefined) continue;
      this.#batches.push({ spec: specs.intern(archetype, key, inferred.type), values: inferred.values });
    }
  }

  /**
   * Columns of such components for `sendColumns`: each field has a value a row, or a list of values, or null for a row without.
   * @throws RerunError ERR_RERUN_ARGUMENT for a field that is no array.
   */
  static columns(
    fields: Readonly<Record<string, unknown>>,
    options?: AnyValuesOptions,
    archetype?: string,
  ): ComponentColumns {
    const types = options?.types ?? {};
    const batches: ComponentColumnBatch[] = [];
    for (const [key, rows] of Object.entries(fields ?? {})) {
      if (rows === undefined || rows === null) continue;
      const column = anyColumn(key, rows, Object.hasOwn(types, key) ? types[key] : undefined);
      if (column === undefined) continue;
      const { type, lengths, values } = column;
      batches.push({ spec: specs.intern(archetype, key, type), lengths, values });
    }
    return new ComponentColumns(batches);
  }

  #typesOf(options: AnyValuesOptions | undefined, archetype: string | undefined): AnyValuesOptions["types"] {
    if (options === undefined) return undefined;
    const wrong = wrongOptions(archetype === undefined ? "anyValues" : "dynamicArchetype", options, NAMES);
    if (wrong !== undefined) this.#batches.push(mistake(archetype, "types", wrong.message));
    return options?.types;
  }

  asComponentBatches(): readonly ComponentBatch[] {
    return this.#batches;
  }
}

/**
 * Components named by the fields themselves, without an archetype: `rec.log("job", anyValues({ user: 7, tags: ["a", "b"] }))`.
 * Types are inferred from the values (see `inferType`); undefined and null fields are left out.
 */
export function anyValues(fields: Readonly<Record<string, unknown>>, options?: AnyValuesOptions): AnyValues {
  return new AnyValues(fields, options);
}

/**
 * The same under a name of one's own: components `<name>:<field>`, shown as a group. The name must not start with `rerun.`,
 * which is the viewer's.
 */
export function dynamicArchetype(
  name: string,
  fields: Readonly<Record<string, unknown>>,
  options?: AnyValuesOptions,
): AnyValues {
  return new AnyValues(fields, options, name);
}
