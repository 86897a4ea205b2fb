/** A trace as the list beside the viewer shows it. */
export interface ListedTrace {
  readonly traceId: string;
  /** Of its root, e.g. `GET /users/:id`. */
  readonly name: string;
  readonly service: string;
  readonly status: string;
  readonly failed: boolean;
  readonly duration: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly spans: number;
}

/** What the page asks for when the user has typed something. */
export interface TraceList {
  /** The first ones, errors before others. */
  readonly traces: readonly ListedTrace[];
  /** How many match. */
  readonly total: number;
  /** Why the expression cannot be understood. */
  readonly error?: string;
}

/** Where the list comes from. */
export interface TraceSource {
  /** @param where an expression; empty for all traces. */
  list(where: string): Promise<TraceList>;
  /** Path of a recording of the one trace; undefined if there is no such trace. */
  waterfall(traceId: string): Promise<string | undefined>;
}
