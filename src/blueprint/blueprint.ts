import { RerunError } from "../errors.ts";
import { saveBlueprint } from "../recording/blueprint/save-blueprint.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { checkOptionNames } from "./checked-components.ts";
import { Container, Tabs } from "./container.ts";
import { ViewportBlueprint } from "./generated/viewport-blueprint.ts";
import { BlueprintPanel, Panel, SelectionPanel, TimePanel } from "./panel.ts";
import { View } from "./view.ts";

/** A view or container (several become tabs), or a panel. */
export type BlueprintPart = Container | View | Panel;

export interface BlueprintOptions {
  /** The viewer arranges the views anew whenever one is added. Default: true without any view, else false. */
  readonly autoLayout?: boolean;
  /** The viewer adds views for data that no view shows. Default: true without any view, else false. */
  readonly autoViews?: boolean;
  /** Collapses the panels that are not among the parts. Default false. */
  readonly collapsePanels?: boolean;
}

/**
 * A dashboard: what the viewer shows of the recordings of an application. It is a store of its own, with the application id of
 * the recordings it is for, and it is used once it was activated; `rec.sendBlueprint` and `rec.save(…, { defaultBlueprint })` do
 * all that.
 *
 *   new Blueprint([
 *     new Horizontal([new TimeSeriesView({ origin: "/cpu" }), new TextLogView({ origin: "/logs" })], { columnShares: [2, 1] }),
 *     new TimePanel({ state: "Collapsed" }),
 *   ])
 */
export class Blueprint {
  readonly #root: Container | undefined;
  readonly #panels: readonly Panel[];
  readonly #options: BlueprintOptions;

  /** @throws RerunError ERR_RERUN_ARGUMENT for a part that is none, and for two panels of the same kind. */
  constructor(parts: BlueprintPart | readonly BlueprintPart[] = [], options: BlueprintOptions = {}) {
    checkOptionNames("Blueprint", options, ["autoLayout", "autoViews", "collapsePanels"]);
    const contents: (Container | View)[] = [];
    const panels = new Map<string, Panel>();
    for (const part of Array.isArray(parts) ? (parts as readonly BlueprintPart[]) : [parts as BlueprintPart]) {
      if (part instanceof Panel) addPanel(panels, part);
      else if (part instanceof View || part instanceof Container) contents.push(part);
      else
        throw new RerunError("ERR_RERUN_ARGUMENT", `a Blueprint is made of views, containers and panels, not ${part}`);
    }
    if (options.collapsePanels === true) {
      for (const panel of collapsedPanels()) if (!panels.has(panel.entityPath)) addPanel(panels, panel);
    }
    this.#root = rootContainer(contents);
    this.#panels = [...panels.values()];
    this.#options = contents.length > 0 ? options : { autoLayout: true, autoViews: true, ...options };
  }

  /** Logs all rows of the store, the viewport after the views. Activation is the caller's, after the last row. */
  log(log: LogBlueprintRow): void {
    this.#root?.logTo(log, ROOT);
    const { autoLayout, autoViews } = this.#options;
    log("/viewport", new ViewportBlueprint({ rootContainer: this.#root?.idAt(ROOT), autoLayout, autoViews }), AT_ZERO);
    for (const panel of this.#panels) panel.logTo(log);
  }

  /**
   * Writes the blueprint into a file of its own, usually with the suffix `.rbl`, which viewers open beside recordings of the
   * application. The file is complete when this returns; an existing one is replaced.
   *
   * @throws RerunError ERR_RERUN_FILE, ERR_RERUN_APPLICATION_ID
   */
  save(path: string | URL, applicationId: string): void {
    saveBlueprint(this, path, applicationId);
  }
}

const ROOT = "0";

/** A viewport has exactly one root, and it must be a container. */
function rootContainer(contents: readonly (Container | View)[]): Container | undefined {
  const [first] = contents;
  if (first === undefined || (contents.length === 1 && first instanceof Container))
    return first as Container | undefined;
  return new Tabs(contents);
}

function addPanel(panels: Map<string, Panel>, panel: Panel): void {
  if (panels.has(panel.entityPath)) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `a Blueprint has at most one ${panel.constructor.name}`);
  }
  panels.set(panel.entityPath, panel);
}

function collapsedPanels(): Panel[] {
  return [
    new BlueprintPanel({ state: "Collapsed" }),
    new SelectionPanel({ state: "Collapsed" }),
    new TimePanel({ state: "Collapsed" }),
  ];
}
