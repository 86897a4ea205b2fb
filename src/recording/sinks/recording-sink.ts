import type { SinkSpec } from "../../sinks/sink.ts";

/** What a sink needs on the caller's side, where it gives to the program. */
export interface SinkEnd {
  /** Everything that was recorded before a flush is there to be given. */
  flushed(): Promise<void>;
  /** The recording does not write here any more; what is there is still given. */
  ended(): Promise<void>;
  /** The same when the process ends, before it returns. */
  exiting(): void;
}

export interface SinkPlan {
  /** Names where it goes: the sinks of one recording go to different places. */
  readonly target: string;
  /** Called when the recording gets the sink, so that a bad path fails in that call. */
  open(): SinkSpec;
  readonly end?: SinkEnd | undefined;
  /** Something is written at its end that makes it complete. */
  readonly isFile?: boolean;
  /** It delivers only while the event loop turns. */
  readonly isAsync?: boolean;
  /** Viewers may connect to `target`. */
  readonly isServed?: boolean;
}

/**
 * Where a recording goes, as a value for `rec.setSinks` and `rec.addSink`: `fileSink`, `grpcSink`, `grpcServerSink`, `stdoutSink`
 * and `CallbackSink` make them. Nothing is opened before a recording gets it.
 */
export class RecordingSink {
  /** @internal */
  readonly plan: SinkPlan;

  /** @internal */
  constructor(plan: SinkPlan) {
    this.plan = plan;
  }

  /** Whether both go to the same place. */
  equals(other: RecordingSink): boolean {
    return other?.plan?.target === this.plan.target;
  }

  toString(): string {
    return this.plan.target;
  }
}
