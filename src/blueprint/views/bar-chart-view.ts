import { PlotLegend, type PlotLegendFields } from "../generated/plot-legend.ts";
import { View, type ViewOptions } from "../view.ts";
import { type Property, property } from "./property.ts";

export interface BarChartViewOptions extends ViewOptions {
  readonly plotLegend?: Property<PlotLegendFields>;
}

/** `BarChart` rows at the time cursor. */
export class BarChartView extends View {
  constructor(options: BarChartViewOptions = {}) {
    super("BarChart", options, { PlotLegend: property(PlotLegend, options.plotLegend) });
  }
}
