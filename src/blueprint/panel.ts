import type { AsComponents } from "../rrd/component-batch.ts";
import { AT_ZERO, type LogBlueprintRow, STATIC } from "./blueprint-row.ts";
import { checkedComponents, checkOptionNames } from "./checked-components.ts";
import type { PanelState } from "./generated/enums.ts";
import { PanelBlueprint } from "./generated/panel-blueprint.ts";
import { TimePanelBlueprint, type TimePanelBlueprintFields } from "./generated/time-panel-blueprint.ts";

export interface PanelOptions {
  /** Default: as the user left it. */
  readonly state?: PanelState;
}

/** A panel around the dashboard; each has an entity of its own, so there is at most one of a kind. */
export abstract class Panel {
  readonly entityPath: string;
  readonly #components: AsComponents;

  protected constructor(entityPath: string, components: AsComponents) {
    this.entityPath = entityPath;
    this.#components = checkedComponents(new.target.name, components);
  }

  logTo(log: LogBlueprintRow): void {
    log(this.entityPath, this.#components, AT_ZERO);
  }
}

/** The bar at the top; `Collapsed` hides it too. */
export class TopPanel extends Panel {
  constructor(options: PanelOptions = {}) {
    super("/top_panel", panelComponents("TopPanel", options));
  }
}

/** At the left: recordings and the layout. `Collapsed` hides it too. */
export class BlueprintPanel extends Panel {
  constructor(options: PanelOptions = {}) {
    super("/blueprint_panel", panelComponents("BlueprintPanel", options));
  }
}

/** At the right: what is selected. `Collapsed` hides it too. */
export class SelectionPanel extends Panel {
  constructor(options: PanelOptions = {}) {
    super("/selection_panel", panelComponents("SelectionPanel", options));
  }
}

/** At the bottom: the timeline, the part of it that is selected, and how it plays. `Collapsed` leaves one line of it. */
export class TimePanel extends Panel {
  readonly #playState: AsComponents | undefined;

  constructor(options: TimePanelBlueprintFields = {}) {
    const { playState, ...fields } = options ?? {};
    super("/time_panel", new TimePanelBlueprint(fields));
    if (playState === undefined || playState === null) return;
    this.#playState = checkedComponents("TimePanel", new TimePanelBlueprint({ playState }));
  }

  override logTo(log: LogBlueprintRow): void {
    super.logTo(log);
    // viewers keep the play state outside of the undo history, as a static row; it is read from there first
    if (this.#playState !== undefined) log(this.entityPath, this.#playState, STATIC);
  }
}

function panelComponents(owner: string, options: PanelOptions): AsComponents {
  checkOptionNames(owner, options, ["state"]);
  return new PanelBlueprint(options);
}
