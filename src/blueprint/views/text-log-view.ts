import { TextLogColumns, type TextLogColumnsFields } from "../generated/text-log-columns.ts";
import { View, type ViewOptions } from "../view.ts";
import { type Property, property } from "./property.ts";

export interface TextLogViewOptions extends ViewOptions {
  /** Columns, in order. */
  readonly columns?: Property<TextLogColumnsFields>;
}

/** `TextLog` rows of all entities, by time. */
export class TextLogView extends View {
  constructor(options: TextLogViewOptions = {}) {
    super("TextLog", options, { TextLogColumns: property(TextLogColumns, options.columns) });
  }
}
