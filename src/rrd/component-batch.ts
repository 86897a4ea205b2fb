import type { DataType } from "../arrow/datatype.ts";
import type { ComponentDescriptor } from "./component-descriptor.ts";

/**
 * A component column as it is declared: its descriptor and the datatype of one instance. Declared once and shared: shapes are
 * looked up by the identity of these objects.
 */
export interface ComponentSpec {
  readonly descriptor: ComponentDescriptor;
  readonly type: DataType;
}

/**
 * What one row holds of one component. `values` is one instance or many; which forms are understood per datatype is
 * written in `arrow/packed-values.ts`. An empty array clears the component, `undefined` leaves it out of the row.
 */
export interface ComponentBatch {
  readonly spec: ComponentSpec;
  readonly values: unknown;
}

/** Anything that can be logged: archetypes, any-values, and users' own classes. */
export interface AsComponents {
  asComponentBatches(): readonly ComponentBatch[];
}
