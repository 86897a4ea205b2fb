/** What a component column is called (rrd-format §3.9). `component` alone identifies it inside an entity. */
export interface ComponentDescriptor {
  /** Full archetype name, e.g. `rerun.archetypes.TextLog`; absent for any-values. */
  readonly archetype?: string;
  /** e.g. `TextLog:text`. */
  readonly component: string;
  /** Full component type, e.g. `rerun.components.Text`; absent when the values have no Rerun type. */
  readonly componentType?: string;
}
