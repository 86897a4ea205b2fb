import type { CreateExpander, Expander, ExpanderHost } from "./expander.ts";
import type { Store } from "./store.ts";

export interface LazyExpanderOptions {
  readonly create: CreateExpander | undefined;
  readonly host: () => ExpanderHost;
  /** Told of each store whose telemetry begins. */
  readonly onOpen: (store: Store) => void;
}

/** The layout, made at the first span, log or metric: a recording without telemetry pays nothing. */
export class LazyExpander {
  readonly #options: LazyExpanderOptions;
  #made: Expander | undefined;

  constructor(options: LazyExpanderOptions) {
    this.#options = options;
  }

  /** If something has needed it. */
  get made(): Expander | undefined {
    return this.#made;
  }

  /** For a record of the store, whose telemetry begins with the first. Undefined: nobody lays out here. */
  for(store: Store): Expander | undefined {
    const { create, host, onOpen } = this.#options;
    this.#made ??= create?.(host());
    if (!store.isExpanded && this.#made !== undefined) {
      store.isExpanded = true;
      onOpen(store);
      this.#made.open(store, store.telemetry);
    }
    return this.#made;
  }
}
