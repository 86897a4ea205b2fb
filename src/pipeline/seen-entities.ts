import type { ComponentDescriptor } from "../rrd/component-descriptor.ts";

/** Those that come later are in the recording all the same (I7). */
const MAX_ENTITIES = 1024;

/**
 * Of which archetypes the rows of each entity are, which is what a layout needs to know to show them; "" for components that belong to none.
 * Told when an entity has a row of another shape, and not of each row.
 */
export class SeenEntities {
  /** Grows with what there is to see. */
  version = 0;
  readonly #archetypes = new Map<string, Set<string>>();

  add(entityPath: string, columns: Iterable<{ readonly descriptor: ComponentDescriptor }>): void {
    let archetypes = this.#archetypes.get(entityPath);
    if (archetypes === undefined) {
      if (this.#archetypes.size >= MAX_ENTITIES) return;
      archetypes = new Set();
      this.#archetypes.set(entityPath, archetypes);
    }
    const before = archetypes.size;
    for (const { descriptor } of columns) archetypes.add(descriptor.archetype ?? "");
    if (archetypes.size > before) this.version++;
  }

  [Symbol.iterator](): IterableIterator<[entityPath: string, archetypes: ReadonlySet<string>]> {
    return this.#archetypes[Symbol.iterator]();
  }
}
