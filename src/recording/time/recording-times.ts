import { RerunError } from "../../errors.ts";
import { RowFlag, type RowTimes } from "../../pipeline/row-encoder.ts";
import { activeTimes } from "../context/scope.ts";
import type { Failures } from "../failures.ts";
import { environmentSwitch } from "../process/environment.ts";
import type { RecordingStream } from "../recording-stream.ts";
import { NO_TIMES, type TimePoint, withoutTime, withTime } from "./time-point.ts";
import { type TimeMap, type TimeValue, typedTime } from "./time-value.ts";
import { TimelineRegistry } from "./timeline-registry.ts";

const LOG_TIME = "log_time";
const LOG_TICK = { name: "log_tick", type: "sequence" } as const;

/** The times that the rows of one recording get: what was set in the scope, and the automatic timelines. */
export class RecordingTimes {
  /** Rows get `log_time` (C16). */
  logTime: boolean;
  /** Rows get `log_tick`. */
  logTick: boolean;
  /** `RowFlag`s of the row that `next` or `nextStatic` was called for. */
  flags = 0;

  readonly #recording: RecordingStream;
  readonly #failures: Failures;
  readonly #timelines: TimelineRegistry;
  #ticks = 0;
  /** The next row begins a new epoch of row ids. */
  #isChanged = false;
  /** A user's own `log_time` gives way to ours; only then rows are looked through for it. */
  #hasOwnLogTime = false;

  constructor(recording: RecordingStream, isEnabled: boolean, failures: Failures) {
    this.#recording = recording;
    this.#failures = failures;
    this.logTime = isEnabled && (environmentSwitch("RERUN_LOG_TIME") ?? true);
    this.logTick = isEnabled && (environmentSwitch("RERUN_LOG_TICK") ?? false);
    this.#timelines = new TimelineRegistry((error) => failures.warn(error));
  }

  /** @throws RerunError ERR_RERUN_TIMELINE if the timeline cannot be used. */
  get timelines(): TimelineRegistry {
    return this.#timelines;
  }

  /** In this scope, from now on. What is wrong with the time is reported, not thrown (I1). */
  set(name: string, value: TimeValue): void {
    const times = activeTimes();
    times.set(this.#recording, this.#with(times.get(this.#recording), name, value));
    this.#isChanged = true;
  }

  disable(name: string): void {
    const times = activeTimes();
    times.set(this.#recording, withoutTime(times.get(this.#recording), name));
  }

  reset(): void {
    activeTimes().set(this.#recording, NO_TIMES);
  }

  /** The times of the next row, `own` being its alone. The tick counts rows also while it is not written. */
  next(entityPath: string, own?: TimeMap): RowTimes {
    const tick = this.#ticks++;
    let times = activeTimes().get(this.#recording);
    if (own !== undefined) for (const name of Object.keys(own)) times = this.#with(times, name, own[name]);
    if (this.#hasOwnLogTime && this.logTime) times = withoutTime(times, LOG_TIME);
    if (this.logTick) times = withTime(times, LOG_TICK, BigInt(tick));
    let isTimed = this.logTime;
    if (!isTimed && times.timelines.length === 0) {
      this.#failures.report(timelessRow(entityPath));
      isTimed = true;
    }
    this.flags = (isTimed ? RowFlag.logTime : 0) | this.#changed();
    return times;
  }

  /** @param own times that were given with the row, which contradict it. */
  nextStatic(own?: TimeMap): RowTimes {
    this.#ticks++;
    if (own !== undefined) this.#failures.report(timedStatic());
    this.flags = RowFlag.static | this.#changed();
    return NO_TIMES;
  }

  /** The point with that time, or as it was if the time cannot be used. */
  #with(times: TimePoint, name: string, value: unknown): TimePoint {
    try {
      const { type, value: nanosOrNumber } = typedTime(value as TimeValue);
      const timeline = this.#timelines.timeline(name, type);
      if (name === LOG_TIME) this.#hasOwnLogTime = true;
      return withTime(times, timeline, nanosOrNumber);
    } catch (error) {
      this.#failures.report(error);
      return times;
    }
  }

  #changed(): number {
    if (!this.#isChanged) return 0;
    this.#isChanged = false;
    return RowFlag.timeChanged;
  }
}

function timedStatic(): RerunError {
  return new RerunError(
    "ERR_RERUN_TIMELINE",
    "a static row has no times, and those given with it are not written; leave out either static or time",
  );
}

/** Without any time a row would be static on the wire, and hide all others of its component (C35). */
function timelessRow(entityPath: string): RerunError {
  return new RerunError(
    "ERR_RERUN_TIMELINE",
    `a row of ${entityPath} has no time, since log_time is off, and gets log_time; call setTime first, or log it with { static: true }`,
  );
}
