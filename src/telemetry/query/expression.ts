import type { Operator } from "./tokens.ts";

/** What is asked of a span. */
export type Expression =
  | { readonly type: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly type: "not"; readonly operand: Expression }
  | Comparison
  /** A word without a field: part of the name, route, service or trace id. */
  | { readonly type: "text"; readonly text: string };

export type Comparison =
  | { readonly type: "text-field"; readonly field: TextField; readonly operator: "=" | "!="; readonly value: string }
  | { readonly type: "pattern"; readonly field: TextField | AttributeField; readonly value: RegExp }
  /** Nanoseconds. */
  | { readonly type: "duration"; readonly operator: Order; readonly value: number }
  | { readonly type: "status-code"; readonly operator: Order; readonly value: number }
  | {
      readonly type: "attribute";
      readonly field: AttributeField;
      readonly operator: Order;
      readonly value: string | number | boolean;
    };

export type Order = Exclude<Operator, "~">;

/** `status` and `kind` in lower case. */
export type TextField = "service" | "name" | "route" | "status" | "kind" | "trace";

export interface AttributeField {
  readonly key: string;
}
