import { RerunError } from "../errors.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { blueprintId, checkedId } from "./blueprint-id.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { checkedComponents, checkOptionNames, isAsComponents } from "./checked-components.ts";
import { checkedOverrides, type EntityOverrides, logOverrides } from "./entity-overrides.ts";
import { ViewBlueprint } from "./generated/view-blueprint.ts";
import { ViewContents } from "./generated/view-contents.ts";
import { propertyName, type ViewPropertySpecs, viewProperty } from "./view-property.ts";

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
  /** Values of components that entities of the view do not have themselves: archetypes, or some of their fields. */
  readonly defaults?: AsComponents | readonly AsComponents[];
  /** What is different for single entities, by their path: visualizers, values, behaviour, visible time ranges. */
  readonly overrides?: EntityOverrides;
  /** UUID. Default: derived from the place in the layout, so that the same layout gives the same bytes. */
  readonly id?: string;
}

const NAMES = ["name", "origin", "contents", "visible", "titlebar", "properties", "defaults", "overrides", "id"];

/**
 * One view of a dashboard. There is a subclass for every kind of Rerun 0.41; a newer one is `new View("Kind", { … })`.
 *
 *   /view/<id>                            ViewBlueprint
 *   /view/<id>/ViewContents               ViewContents
 *   /view/<id>/ViewContents/overrides/…   see entity-overrides.ts
 *   /view/<id>/<Archetype>                one per property
 *   /view/<id>/defaults                   default values
 */
export class View {
  readonly options: ViewOptions;
  readonly #classIdentifier: string;
  readonly #view: ViewBlueprint;
  readonly #contents: ViewContents;
  readonly #properties: ReadonlyMap<string, AsComponents>;
  readonly #defaults: readonly AsComponents[];
  readonly #overrides: ReturnType<typeof checkedOverrides>;

  /**
   * @param classIdentifier Rerun's name of the kind of view, e.g. `TimeSeries`.
   * @param specs properties that the kind has as options; subclasses know them.
   * @throws RerunError ERR_RERUN_ARGUMENT for options that there are not, or whose values do not fit.
   */
  constructor(classIdentifier: string, options: ViewOptions = {}, specs: ViewPropertySpecs = {}) {
    const owner = new.target === View ? `View ${classIdentifier}` : new.target.name;
    checkOptionNames(owner, options, [...Object.keys(specs), ...NAMES]);
    const { name, origin, contents, visible, titlebar, defaults = [], overrides = {}, id } = options;
    checkedId(owner, id);
    this.options = options;
    this.#classIdentifier = classIdentifier;
    const fields = { displayName: name, spaceOrigin: origin ?? "/", visible, titlebar };
    this.#view = checkedComponents(owner, new ViewBlueprint(classIdentifier, fields));
    this.#contents = checkedComponents(owner, new ViewContents({ query: contents ?? "$origin/**" }));
    this.#properties = propertiesOf(owner, options, specs);
    const parts = (Array.isArray(defaults) ? defaults : [defaults]) as readonly AsComponents[];
    this.#defaults = parts.map((part) => checkedPart(`${owner}, defaults`, part));
    this.#overrides = checkedOverrides(owner, overrides);
  }

  /** Logs the view; returns its blueprint path, by which its container refers to it. */
  logTo(log: LogBlueprintRow, place: string): string {
    const path = `/view/${this.options.id ?? blueprintId(place, this.#classIdentifier)}`;
    log(`${path}/ViewContents`, this.#contents, AT_ZERO);
    log(path, this.#view, AT_ZERO);
    for (const [archetype, property] of this.#properties) log(`${path}/${archetype}`, property, AT_ZERO);
    for (const components of this.#defaults) log(`${path}/defaults`, components, AT_ZERO);
    logOverrides(log, path, place, this.#overrides);
    return path;
  }
}

/** By the name of the archetype; those that are not given are left out. */
function propertiesOf(owner: string, options: ViewOptions, specs: ViewPropertySpecs): Map<string, AsComponents> {
  const properties = new Map<string, AsComponents>();
  for (const [name, spec] of Object.entries(specs)) {
    const given = (options as Record<string, unknown>)[name];
    if (given === undefined || given === null) continue;
    properties.set(propertyName(spec), viewProperty(`${owner}, ${name}`, spec, given));
  }
  for (const [name, given] of Object.entries(options.properties ?? {})) {
    properties.set(name, checkedPart(`${owner}, properties.${name}`, given));
  }
  return properties;
}

function checkedPart(owner: string, part: unknown): AsComponents {
  if (isAsComponents(part)) return checkedComponents(owner, part);
  throw new RerunError("ERR_RERUN_ARGUMENT", `${owner}: expected an archetype, got ${JSON.stringify(part)}`);
}
