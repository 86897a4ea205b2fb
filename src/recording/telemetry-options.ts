/** How a recording's telemetry is laid out; travels in the definition of the recording. Plain data. */
export interface TelemetryOptions {
  /** As the run of a process, or as one request with its waterfall. Default "process". */
  readonly layout?: "process" | "request";
  /** Name of this process among those that share the recording; prefixes `/requests` and `/metrics` (trace-view §2.4). */
  readonly instance?: string;
  /** 0 for the parent, 1, 2, … for children: `span_no` starts at slot × 2³². */
  readonly slot?: number;
  /** Write the dashboard's blueprint, unless the application sends one of its own. Default true. */
  readonly blueprint?: boolean;
  /** Whether telemetry is of now, or of another time and read from somewhere, where time passes only in the data. Default "wall". */
  readonly clock?: "wall" | "data";
  /** Notable traces per file. Default 50; 0 = none. */
  readonly maxNotableTraces?: number;
}
