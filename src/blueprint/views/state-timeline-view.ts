import { TimeAxis, type TimeAxisFields } from "../generated/time-axis.ts";
import { View, type ViewOptions } from "../view.ts";
import { type Property, property } from "./property.ts";

export interface StateTimelineViewOptions extends ViewOptions {
  /** Which part of the timeline is seen. */
  readonly timeView?: Property<TimeAxisFields>;
}

/** One lane of coloured bars for each entity with `StateChange`. */
export class StateTimelineView extends View {
  constructor(options: StateTimelineViewOptions = {}) {
    super("StateTimeline", options, { TimeAxis: property(TimeAxis, options.timeView) });
  }
}
