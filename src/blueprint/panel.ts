import { AT_ZERO, type LogBlueprintRow, STATIC } from "./blueprint-row.ts";
import type { PanelState } from "./generated/enums.ts";
import { PanelBlueprint } from "./generated/panel-blueprint.ts";
import { TimePanelBlueprint, type TimePanelBlueprintFields } from "./generated/time-panel-blueprint.ts";

export interface PanelOptions {
  readonly state?: PanelState;
}

/** A panel around the dashboard; each has an entity of its own, so there is at most one of a kind. */
export abstract class Panel {
  readonly entityPath: string;
  readonly #options: PanelOptions;

  protected constructor(entityPath: string, options: PanelOptions) {
    this.entityPath = entityPath;
    this.#options = options;
  }

  logTo(log: LogBlueprintRow): void {
    log(this.entityPath, new PanelBlueprint(this.#options), AT_ZERO);
  }
}

/** The bar at the top; `Collapsed` hides it too. */
export class TopPanel extends Panel {
  constructor(options: PanelOptions = {}) {
    super("/top_panel", options);
  }
}

/** At the left: recordings and the layout. */
export class BlueprintPanel extends Panel {
  constructor(options: PanelOptions = {}) {
    super("/blueprint_panel", options);
  }
}

/** At the right: what is selected. */
export class SelectionPanel extends Panel {
  constructor(options: PanelOptions = {}) {
    super("/selection_panel", options);
  }
}

/** At the bottom: the timeline and whether it plays. */
export class TimePanel extends Panel {
  readonly #fields: TimePanelBlueprintFields;

  constructor(options: TimePanelBlueprintFields = {}) {
    super("/time_panel", {});
    this.#fields = options;
  }

  override logTo(log: LogBlueprintRow): void {
    const { playState, ...fields } = this.#fields;
    log(this.entityPath, new TimePanelBlueprint(fields), AT_ZERO);
    // viewers keep the play state outside of the undo history, as a static row; it is read from there first
    if (playState !== undefined && playState !== null) {
      log(this.entityPath, new TimePanelBlueprint({ playState }), STATIC);
    }
  }
}
