import type { DataType } from "../arrow/datatype.ts";
import type { ComponentSpec } from "../rrd/component-batch.ts";

/**
 * Component specs of fields that are named at run time, each made once, so that shapes are found by identity.
 * I7: keys may come from outside (attribute names); when the table is full it starts again from nothing.
 */
export class SpecTable {
  readonly #limit: number;
  readonly #archetypes = new Map<string | undefined, Map<string, Map<DataType, ComponentSpec>>>();
  #size = 0;

  constructor(limit = 4096) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** `archetype` undefined: the component is named by the key alone. */
  intern(archetype: string | undefined, key: string, type: DataType): ComponentSpec {
    const spec = this.#archetypes.get(archetype)?.get(key)?.get(type);
    return spec ?? this.#add(archetype, key, type);
  }

  #add(archetype: string | undefined, key: string, type: DataType): ComponentSpec {
    if (this.#size >= this.#limit) {
      this.#archetypes.clear();
      this.#size = 0;
    }
    const descriptor = archetype === undefined ? { component: key } : { archetype, component: `${archetype}:${key}` };
    const spec: ComponentSpec = { descriptor, type };
    const keys = getOrAdd(this.#archetypes, archetype, () => new Map<string, Map<DataType, ComponentSpec>>());
    getOrAdd(keys, key, () => new Map<DataType, ComponentSpec>()).set(type, spec);
    this.#size++;
    return spec;
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
