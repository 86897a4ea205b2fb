import type { AsComponents } from "../rrd/component-batch.ts";
import { blueprintId } from "./blueprint-id.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { ViewBlueprint } from "./generated/view-blueprint.ts";
import { ViewContents } from "./generated/view-contents.ts";

/** What all views have. */
export interface ViewOptions {
  /** Title; made from the origin when absent. */
  readonly name?: string;
  /** Entity path that `$origin` stands for in `contents`. Default `/`. */
  readonly origin?: string;
  /** Entity path rules: `+ /a/**`, `- /a/b/**`; the most specific wins. Default `$origin/**`. */
  readonly contents?: string | readonly string[];
  /** Default true. */
  readonly visible?: boolean;
  /** Default true; viewers before 0.41 always show it. */
  readonly titlebar?: boolean;
  /** Further view properties by the name of their archetype, e.g. `{ ScalarAxis: … }`. */
  readonly properties?: Readonly<Record<string, AsComponents>>;
  /** Values of components that entities of the view do not have themselves. */
  readonly defaults?: readonly AsComponents[];
  /** UUID. Default: derived from the place in the layout, so that the same layout gives the same bytes. */
  readonly id?: string;
}

/** Properties of one kind of view; those that are undefined are left out. */
export type ViewProperties = Readonly<Record<string, AsComponents | undefined>>;

/**
 * One view of a dashboard. There are subclasses for the usual kinds; any other is `new View("Map", { … })`.
 *
 *   /view/<id>                  ViewBlueprint
 *   /view/<id>/ViewContents     ViewContents
 *   /view/<id>/<Archetype>      one per property
 *   /view/<id>/defaults         default values
 */
export class View {
  readonly options: ViewOptions;
  readonly #classIdentifier: string;
  readonly #properties: ViewProperties;

  /** @param classIdentifier Rerun's name of the kind of view, e.g. `TimeSeries`. */
  constructor(classIdentifier: string, options: ViewOptions = {}, properties: ViewProperties = {}) {
    this.options = options;
    this.#classIdentifier = classIdentifier;
    this.#properties = { ...properties, ...options.properties };
  }

  /** Logs the view; returns its blueprint path, by which its container refers to it. */
  logTo(log: LogBlueprintRow, place: string): string {
    const { name, origin, contents, visible, titlebar, defaults, id } = this.options;
    const path = `/view/${id ?? blueprintId(place, this.#classIdentifier)}`;
    log(`${path}/ViewContents`, new ViewContents({ query: contents ?? "$origin/**" }), AT_ZERO);
    log(
      path,
      new ViewBlueprint(this.#classIdentifier, { displayName: name, spaceOrigin: origin ?? "/", visible, titlebar }),
      AT_ZERO,
    );
    for (const [archetype, property] of Object.entries(this.#properties)) {
      if (property !== undefined) log(`${path}/${archetype}`, property, AT_ZERO);
    }
    for (const components of defaults ?? []) log(`${path}/defaults`, components, AT_ZERO);
    return path;
  }
}
