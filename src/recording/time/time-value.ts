import { typedArrayTag } from "../../arrow/typed-array.ts";
import { RerunError } from "../../errors.ts";
import type { TimelineType } from "../../rrd/timeline.ts";

/** A time on a timeline. The kind of the value is the kind of the timeline. */
export type TimeValue =
  /** A whole number: a frame, a step. */
  | { readonly sequence: number | bigint; readonly duration?: never; readonly timestamp?: never }
  /** A span of time: seconds, or nanoseconds as a bigint. */
  | { readonly duration: TimeSpan; readonly sequence?: never; readonly timestamp?: never }
  /** A moment: a Date, seconds since the Unix epoch, nanoseconds since it as a bigint, or a `Temporal.Instant`. */
  | {
      readonly timestamp: Moment;
      readonly sequence?: never;
      readonly duration?: never;
    };

export type TimeSpan = number | bigint | { readonly nanos: bigint };
export type Moment = Date | TimeSpan | { readonly epochNanoseconds: bigint };

/** Times by the names of their timelines: `{ frame: { sequence: 7 }, taken: { timestamp: new Date() } }`. */
export type TimeMap = Readonly<Record<string, TimeValue>>;

/** A row's time as it is written. */
export interface TypedTime {
  readonly type: TimelineType;
  /** Nanoseconds, or a sequence number. */
  readonly value: bigint;
}

/** The smallest i64 means "static" in Rerun's data model, so no row may have it as its time. */
const STATIC_TIME = -(2n ** 63n);
const MIN_TIME = STATIC_TIME + 1n;
const MAX_TIME = 2n ** 63n - 1n;
/** Far beyond what 64 bits of nanoseconds hold (292 years), so a larger number is milliseconds, as `Date.now()` gives them. */
const MAX_SECONDS = 1e11;

/**
 * Checks a time value and gives its kind and its nanoseconds or number. Values below the range are moved to its end.
 * @throws RerunError ERR_RERUN_TIMELINE if it is not exactly one of the three kinds, or not a time.
 */
export function typedTime(value: TimeValue): TypedTime {
  const kind = kindOf(value);
  const given = (value as Record<TimelineType, unknown>)[kind];
  return { type: kind, value: inRange(CONVERT[kind](given), given) };
}

/**
 * The same for many values of one kind: an index column.
 * @throws RerunError ERR_RERUN_TIMELINE
 */
export function nanosOrNumbers(type: TimelineType, values: Iterable<unknown>): BigInt64Array {
  const convert = CONVERT[type];
  if (ArrayBuffer.isView(values) && typedArrayTag(values) === "BigInt64Array") return raised(values as BigInt64Array);
  const sequence = type === "sequence" ? sequenceOf(values) : undefined;
  return sequence ?? BigInt64Array.from(values, (value) => inRange(convert(value), value));
}

/**
 * Whole numbers without a BigInt for each (7 instead of 140 ns); undefined if some are no safe integers, or it is not known how many
 * there are.
 */
function sequenceOf(values: Iterable<unknown>): BigInt64Array | undefined {
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) return undefined;
  const numbers = values as unknown as ArrayLike<unknown>;
  const sequence = new BigInt64Array(numbers.length);
  const words = new Int32Array(sequence.buffer);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
    words[2 * i] = value; // modulo 2³²
    words[2 * i + 1] = Math.floor(value / 0x1_0000_0000);
  }
  return sequence;
}

/** The time that means "static" is no time of a row: the one after it. Given as it is, not copied, where there is none. */
function raised(times: BigInt64Array): BigInt64Array {
  return times.includes(STATIC_TIME) ? times.map((time) => (time === STATIC_TIME ? MIN_TIME : time)) : times;
}

/** @throws RerunError ERR_RERUN_TIMELINE unless exactly one of sequence, duration and timestamp is there. */
export function kindOf(value: unknown): TimelineType {
  if (typeof value === "object" && value !== null) {
    const given = value as Record<string, unknown>;
    const kinds = KINDS.filter((kind) => given[kind] !== undefined);
    if (kinds.length === 1) return kinds[0] as TimelineType;
  }
  throw new RerunError(
    "ERR_RERUN_TIMELINE",
    `a time needs exactly one of { sequence }, { duration } and { timestamp }, got ${shown(value)}`,
  );
}

const KINDS: readonly TimelineType[] = ["sequence", "duration", "timestamp"];

const CONVERT: Record<TimelineType, (value: unknown) => bigint> = {
  sequence(value) {
    if (typeof value === "bigint") return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    throw notA("sequence", "a safe integer or a bigint", value);
  },
  duration(value) {
    return nanosOf(value) ?? secondsToNanos("duration", "seconds as a number or nanoseconds as a bigint", value);
  },
  timestamp(value) {
    if (value instanceof Date) {
      const millis = value.getTime();
      if (Number.isNaN(millis)) throw notA("timestamp", "a valid Date", value);
      return BigInt(millis) * 1_000_000n;
    }
    return (
      nanosOf(value) ??
      bigintAt(value, "epochNanoseconds") ??
      secondsToNanos("timestamp", "a Date, seconds since the Unix epoch or nanoseconds since it as a bigint", value)
    );
  },
};

function nanosOf(value: unknown): bigint | undefined {
  return typeof value === "bigint" ? value : bigintAt(value, "nanos");
}

function bigintAt(value: unknown, key: string): bigint | undefined {
  const number = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof number === "bigint" ? number : undefined;
}

/** The product is rounded, as the official SDKs do: two programs that log one moment then log one time. */
function secondsToNanos(kind: TimelineType, expected: string, value: unknown): bigint {
  if (typeof value !== "number" || !Number.isFinite(value)) throw notA(kind, expected, value);
  if (Math.abs(value) > MAX_SECONDS) {
    const advice = kind === "timestamp" ? "new Date(millis)" : "nanoseconds as a bigint";
    throw new RerunError(
      "ERR_RERUN_TIMELINE",
      `${kind} ${value} is out of range for seconds; milliseconds? Pass ${advice}`,
    );
  }
  return BigInt(Math.round(value * 1e9));
}

function inRange(value: bigint, given: unknown): bigint {
  if (value > MAX_TIME) throw new RerunError("ERR_RERUN_TIMELINE", `time ${shown(given)} does not fit into 64 bits`);
  return value < MIN_TIME ? MIN_TIME : value;
}

function notA(kind: TimelineType, expected: string, value: unknown): RerunError {
  return new RerunError("ERR_RERUN_TIMELINE", `${kind} must be ${expected}, got ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    return `an object with [${Object.keys(value).join(", ")}]`;
  }
  return `${typeof value} ${String(value)}`;
}
