import type { Field } from "./datatype.ts";

/** The columns of a record batch. */
export interface Schema {
  readonly fields: readonly Field[];
  /** Key/value metadata of the batch as a whole. */
  readonly metadata?: Readonly<Record<string, string>>;
}
