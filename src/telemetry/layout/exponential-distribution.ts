import type { MetricPoint } from "../model.ts";
import type { Buckets, Distribution } from "./distribution.ts";

type Point = MetricPoint["data"] & { readonly type: "exponential-histogram" };

/** Counts by bucket index. */
type Side = ReadonlyMap<number, number>;

interface State {
  readonly scale: number;
  readonly zero: number;
  readonly positive: Side;
  readonly negative: Side;
}

const MAX_BARS = 40;

/**
 * Ranges that grow by the factor 2^(2^-scale): bucket i holds what is above factor^i up to factor^(i+1). Points of a series may
 * differ in scale; one step of scale less joins buckets by twos, so that two points can be brought to the same one.
 */
export class ExponentialDistribution implements Distribution {
  readonly #state: State;

  constructor(point: Point | State) {
    this.#state =
      "type" in point
        ? {
            scale: point.scale,
            zero: point.zeroCount,
            positive: sideOf(point.positive),
            negative: sideOf(point.negative),
          }
        : point;
  }

  get count(): number {
    const { zero, positive, negative } = this.#state;
    return zero + sum(positive) + sum(negative);
  }

  plus(other: Distribution): Distribution {
    return other instanceof ExponentialDistribution ? this.#with(other, 1) : this;
  }

  since(before: Distribution): Distribution | undefined {
    if (!(before instanceof ExponentialDistribution)) return undefined;
    const difference = this.#with(before, -1);
    const { zero, positive, negative } = difference.#state;
    return [zero, ...positive.values(), ...negative.values()].some((count) => count < 0) ? undefined : difference;
  }

  buckets(): Buckets {
    let state = this.#state;
    while (width(state.positive) + width(state.negative) > MAX_BARS - 3) state = coarser(state, state.scale - 1);
    const factor = 2 ** (2 ** -state.scale);
    const bounds: number[] = [];
    const counts: number[] = [];
    if (state.negative.size > 0) {
      const [low, high] = range(state.negative);
      bounds.push(-(factor ** (high + 1)));
      counts.push(0);
      for (let i = high; i >= low; i--) {
        bounds.push(-(factor ** i));
        counts.push(state.negative.get(i) ?? 0);
      }
    }
    const [low, high] = range(state.positive);
    if (state.positive.size === 0) return { bounds: [...bounds, 0], counts: [...counts, state.zero, 0] };
    bounds.push(factor ** low);
    counts.push(state.zero);
    for (let i = low; i <= high; i++) {
      bounds.push(factor ** (i + 1));
      counts.push(state.positive.get(i) ?? 0);
    }
    return { bounds, counts: [...counts, 0] };
  }

  #with(other: ExponentialDistribution, sign: 1 | -1): ExponentialDistribution {
    const scale = Math.min(this.#state.scale, other.#state.scale);
    const [a, b] = [coarser(this.#state, scale), coarser(other.#state, scale)];
    return new ExponentialDistribution({
      scale,
      zero: a.zero + sign * b.zero,
      positive: joined(a.positive, b.positive, sign),
      negative: joined(a.negative, b.negative, sign),
    });
  }
}

function sideOf({ offset, counts }: Point["positive"]): Side {
  const side = new Map<number, number>();
  counts.forEach((count, i) => {
    if (count !== 0) side.set(offset + i, count);
  });
  return side;
}

function coarser(state: State, scale: number): State {
  const steps = state.scale - scale;
  if (steps <= 0) return state;
  const shrink = (side: Side): Side => {
    const joint = new Map<number, number>();
    for (const [i, count] of side) {
      const at = Math.floor(i / 2 ** steps);
      joint.set(at, (joint.get(at) ?? 0) + count);
    }
    return joint;
  };
  return { scale, zero: state.zero, positive: shrink(state.positive), negative: shrink(state.negative) };
}

function joined(a: Side, b: Side, sign: 1 | -1): Side {
  const joint = new Map(a);
  for (const [i, count] of b) {
    const value = (joint.get(i) ?? 0) + sign * count;
    if (value === 0) joint.delete(i);
    else joint.set(i, value);
  }
  return joint;
}

function range(side: Side): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const i of side.keys()) {
    low = Math.min(low, i);
    high = Math.max(high, i);
  }
  return [low, high];
}

function width(side: Side): number {
  const [low, high] = range(side);
  return side.size === 0 ? 0 : high - low + 1;
}

function sum(side: Side): number {
  let total = 0;
  for (const count of side.values()) total += count;
  return total;
}
