import type { DataType } from "../arrow/datatype.ts";
import type { ComponentDescriptor } from "./component-descriptor.ts";

/**
 * A component column as it is declared: its descriptor and the datatype of one instance. Declared once and shared: shapes are
 * looked up by the identity of these objects.
 */
export interface ComponentSpec {
  readonly descriptor: ComponentDescriptor;
  readonly type: DataType;
  /**
   * Turns what users write (a colour name, a marker's name) into values of `type`. Runs when a row is encoded and not in the
   * constructor of an archetype: a bad value then costs a warning, never an exception in user code (I1), and nothing at all
   * where nothing is recorded.
   */
  readonly accept?: (values: unknown) => unknown;
  /** Why there is no such component: what is reported instead of it. Its batches have no values. */
  readonly problem?: string;
}

/**
 * What one row holds of one component. `values` is one instance or many; which forms are understood per datatype is
 * written in `arrow/packed-values.ts`. An empty array clears the component, `undefined` leaves it out of the row.
 */
export interface ComponentBatch {
  readonly spec: ComponentSpec;
  readonly values: unknown;
}

/**
 * What many rows hold of one component, for `sendColumns`: the instances of all rows one after the other, and how many belong
 * to each row. `undefined` = one instance a row.
 */
export interface ComponentColumnBatch {
  readonly spec: ComponentSpec;
  readonly lengths: Uint32Array | undefined;
  readonly values: unknown;
}

/** Anything that can be logged: archetypes, any-values, and users' own classes. */
export interface AsComponents {
  asComponentBatches(): readonly ComponentBatch[];
}
