import { RerunError } from "../errors.ts";

/** What a component column is called (rrd-format §3.9). `component` alone identifies it inside an entity. */
export interface ComponentDescriptor {
  /** Full archetype name, e.g. `rerun.archetypes.TextLog`; absent for any-values. */
  readonly archetype?: string;
  /** e.g. `TextLog:text`. */
  readonly component: string;
  /** Full component type, e.g. `rerun.components.Text`; absent when the values have no Rerun type. */
  readonly componentType?: string;
}

/**
 * Names that official readers refuse, and with them the whole recording.
 * @throws RerunError ERR_RERUN_DATA if the component, or an archetype that is there, has the empty name.
 */
export function checkDescriptor({ archetype, component }: ComponentDescriptor): void {
  if (typeof component !== "string" || component === "") {
    throw new RerunError("ERR_RERUN_DATA", "a component needs a name that is not empty; give the field one");
  }
  if (archetype === "") {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `the archetype of "${component}" has the empty name; give it one, or leave it out as anyValues({ ... }) does`,
    );
  }
}
