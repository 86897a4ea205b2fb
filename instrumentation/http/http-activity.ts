/** What the HTTP server side counted since the start of the process: for metrics, and for the line at the end. */
export interface HttpActivity {
  /** Under way now. */
  active: number;
  /** Answered, aborted or failed. */
  requests: number;
  /** Answered with 5xx, or ended by an error. */
  failed: number;
  /** Answered without a route. */
  withoutRoute: number;
}

export const httpActivity: HttpActivity = { active: 0, requests: 0, failed: 0, withoutRoute: 0 };
