import type { AsComponents, ComponentBatch, ComponentSpec } from "../rrd/component-batch.ts";
import { unknownField } from "./unknown-field.ts";

/** The components of an archetype by the name of the field. Module constants: shapes are found by their identity. */
export type ArchetypeComponents = Readonly<Record<string, ComponentSpec>>;

/**
 * What all generated archetypes are: component batches, put together by the constructor. Values are only referred to; they are
 * read and checked when the row is encoded, so making an archetype never throws and costs next to nothing when nothing records.
 */
export abstract class Archetype implements AsComponents {
  readonly #batches: ComponentBatch[];

  /**
   * @param required what the archetype cannot do without; a value that is missing is reported when the row is logged.
   * @param options the other fields by name; `undefined` and null leave a field out of the row.
   */
  protected constructor(required: ComponentBatch[], components?: ArchetypeComponents, options?: object) {
    if (components !== undefined && options !== undefined) addFields(required, components, options);
    this.#batches = required;
  }

  asComponentBatches(): readonly ComponentBatch[] {
    return this.#batches;
  }
}

export interface UpdateOptions {
  /** Empties all fields that are not given, so that nothing of earlier rows shows through. Default false. */
  readonly clearUnset?: boolean;
}

/** Some fields of an archetype, for a row that changes only these. */
export class ArchetypeUpdate extends Archetype {
  constructor(components: ArchetypeComponents, fields: object, options?: UpdateOptions) {
    const batches: ComponentBatch[] = [];
    if (options?.clearUnset === true) {
      const given = fields as Record<string, unknown>;
      for (const name in components) {
        if (isMissing(given[name])) batches.push({ spec: components[name] as ComponentSpec, values: [] });
      }
    }
    super(batches, components, fields);
  }
}

function addFields(batches: ComponentBatch[], components: ArchetypeComponents, fields: object): void {
  for (const name in fields) {
    const values = (fields as Record<string, unknown>)[name];
    if (isMissing(values)) continue;
    const spec = Object.hasOwn(components, name) ? components[name] : undefined;
    batches.push(spec === undefined ? unknownField(components, name) : { spec, values });
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
