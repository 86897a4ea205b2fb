import { DataframeQuery, type DataframeQueryFields } from "../generated/dataframe-query.ts";
import { View, type ViewOptions } from "../view.ts";
import { type Property, property } from "./property.ts";

export interface DataframeViewOptions extends ViewOptions {
  /** Which rows and columns are shown. */
  readonly query?: Property<DataframeQueryFields>;
}

/** Any entities as a table. */
export class DataframeView extends View {
  constructor(options: DataframeViewOptions = {}) {
    super("Dataframe", options, { DataframeQuery: property(DataframeQuery, options.query) });
  }
}
