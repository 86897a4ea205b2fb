import { RerunError } from "../errors.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { parseEntityPath } from "../rrd/entity-path.ts";
import { blueprintId } from "./blueprint-id.ts";
import { AT_ZERO, type LogBlueprintRow } from "./blueprint-row.ts";
import { checkedComponents, isAsComponents } from "./checked-components.ts";
import { ActiveVisualizers } from "./generated/active-visualizers.ts";
import { Visualizer } from "./visualizer.ts";

/**
 * What a view does with one entity: a visualizer, an archetype (which stands for its visualizer with these values), an
 * `EntityBehavior`, or `VisibleTimeRanges`.
 */
export type EntityOverride = Visualizer | AsComponents;

/** By the full path of the entity; patterns and `$origin` are not understood by viewers here. */
export type EntityOverrides = Readonly<Record<string, EntityOverride | readonly EntityOverride[]>>;

/** Those of one entity, told apart. */
interface OverridesOfEntity {
  readonly entityPath: string;
  readonly parts: readonly EntityOverride[];
}

/** @throws RerunError ERR_RERUN_ARGUMENT for what is no override. */
export function checkedOverrides(owner: string, overrides: EntityOverrides): readonly OverridesOfEntity[] {
  return Object.entries(overrides).map(([path, given]) => {
    const entityPath = parseEntityPath(path);
    const at = `${owner}, overrides of ${entityPath}`;
    const parts = (Array.isArray(given) ? given : [given]) as readonly EntityOverride[];
    return { entityPath, parts: parts.map((part) => overrideOf(at, part)) };
  });
}

/**
 * Logs what a view says of its entities. As soon as an entity has a visualizer here, viewers add none of their own for it.
 *
 *   /view/<id>/ViewContents/overrides/<entity path>/visualizers          ActiveVisualizers, EntityBehavior, VisibleTimeRanges
 *   /view/<id>/ViewContents/overrides/<entity path>/visualizers/<id>     VisualizerInstruction, then the values
 */
export function logOverrides(
  log: LogBlueprintRow,
  viewPath: string,
  place: string,
  all: readonly OverridesOfEntity[],
): void {
  for (const { entityPath, parts } of all) {
    const base = `${viewPath}/ViewContents/overrides${entityPath}/visualizers`;
    const ids: string[] = [];
    parts.forEach((part, i) => {
      if (!(part instanceof Visualizer)) {
        log(base, part, AT_ZERO);
        return;
      }
      const id = part.id ?? blueprintId(`${place} ${entityPath} ${i}`, part.type);
      ids.push(id);
      log(`${base}/${id}`, part.instruction, AT_ZERO);
      const values = part.overrides.flatMap((components) => components.asComponentBatches());
      if (values.length > 0) log(`${base}/${id}`, { asComponentBatches: () => values }, AT_ZERO);
    });
    if (ids.length > 0) log(base, new ActiveVisualizers(ids), AT_ZERO);
  }
}

const BLUEPRINT = "rerun.blueprint.archetypes.";

function overrideOf(at: string, part: EntityOverride): EntityOverride {
  if (part instanceof Visualizer) return part;
  if (!isAsComponents(part)) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `${at}: expected a Visualizer or an archetype, got ${String(part)}`);
  }
  const [batch] = part.asComponentBatches();
  if (batch?.spec.descriptor.archetype?.startsWith(BLUEPRINT)) return checkedComponents(at, part);
  return Visualizer.of(part);
}
