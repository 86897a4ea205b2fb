import { RerunError } from "../errors.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { checkedId } from "./blueprint-id.ts";
import { checkedComponents, checkOptionNames, isAsComponents } from "./checked-components.ts";
import type { VisualizerComponentMapping } from "./generated/datatypes.ts";
import { VisualizerInstruction } from "./generated/visualizer-instruction.ts";
import { VISUALIZER_OF, type VisualizerType } from "./generated/visualizers.ts";

export interface VisualizerOptions {
  /** Values that are used instead of those logged: archetypes, or some of their fields. */
  readonly overrides?: AsComponents | readonly AsComponents[];
  /** Where components come from, by their names, e.g. `{ target: "Scalars:scalars", sourceKind: "SourceComponent", … }`. */
  readonly mappings?: VisualizerComponentMapping | readonly VisualizerComponentMapping[];
  /** UUID. Default: derived from the place in the layout. */
  readonly id?: string;
}

/**
 * One way in which an entity is drawn in a view; see `overrides` of views.
 *
 *   new Visualizer("SeriesPoints", { overrides: SeriesPoints.update({ markerSizes: 4 }) })
 */
export class Visualizer {
  readonly type: string;
  readonly instruction: AsComponents;
  readonly overrides: readonly AsComponents[];
  readonly id: string | undefined;

  /** @throws RerunError ERR_RERUN_ARGUMENT for options that do not fit. */
  constructor(type: VisualizerType | (string & {}), options: VisualizerOptions = {}) {
    const owner = `Visualizer ${type}`;
    checkOptionNames(owner, options, ["overrides", "mappings", "id"]);
    const { overrides = [], mappings, id } = options;
    this.type = type;
    this.id = checkedId(owner, id);
    this.instruction = checkedComponents(owner, new VisualizerInstruction(type, { componentMap: mappings }));
    this.overrides = (Array.isArray(overrides) ? (overrides as readonly AsComponents[]) : [overrides]).map((part) =>
      checkedComponents(owner, part as AsComponents),
    );
  }

  /** The visualizer that draws an archetype, with the values of it. */
  static of(archetype: AsComponents, options: Omit<VisualizerOptions, "overrides"> = {}): Visualizer {
    if (!isAsComponents(archetype)) throw new RerunError("ERR_RERUN_ARGUMENT", "Visualizer.of takes an archetype");
    const [batch] = archetype.asComponentBatches();
    const name = batch?.spec.descriptor.archetype?.split(".").at(-1) ?? "";
    const type = Object.hasOwn(VISUALIZER_OF, name) ? VISUALIZER_OF[name] : undefined;
    if (type !== undefined) return new Visualizer(type, { ...options, overrides: archetype });
    const what = batch === undefined ? "an archetype without any value" : name || batch.spec.descriptor.component;
    throw new RerunError(
      "ERR_RERUN_ARGUMENT",
      `no visualizer is known for ${what}; name one: new Visualizer("SeriesLines", { overrides })`,
    );
  }
}
