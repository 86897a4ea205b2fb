import { Clear as GeneratedClear } from "./generated/clear.ts";

/** Empties an entity from the row's time on: `rec.log("world", Clear.recursive())`. */
export class Clear extends GeneratedClear {
  /** The entity alone. */
  static flat(): Clear {
    return new Clear(false);
  }

  /** The entity and all below it. */
  static recursive(): Clear {
    return new Clear(true);
  }
}
