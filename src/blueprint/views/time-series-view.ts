import { PlotLegend, type PlotLegendFields } from "../generated/plot-legend.ts";
import { TimeAxis, type TimeAxisFields } from "../generated/time-axis.ts";
import { View, type ViewOptions } from "../view.ts";
import { type Property, property } from "./property.ts";

export interface TimeSeriesViewOptions extends ViewOptions {
  /** Which part of the timeline is seen. */
  readonly axisX?: Property<TimeAxisFields>;
  readonly plotLegend?: Property<PlotLegendFields>;
}

/** Plots of `Scalars` over time. */
export class TimeSeriesView extends View {
  constructor(options: TimeSeriesViewOptions = {}) {
    super("TimeSeries", options, {
      TimeAxis: property(TimeAxis, options.axisX),
      PlotLegend: property(PlotLegend, options.plotLegend),
    });
  }
}
