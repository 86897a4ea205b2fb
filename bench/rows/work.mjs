// What every writer of `bench/rows` is given to do, by the environment, and the numbers and texts that go in. The same in Rust
// (bench/rust) and Python (python.py).

/** @returns the work of this process: WORK, FOLDER and its sizes. */
export function workFromEnvironment() {
  const {
    WORK,
    FOLDER,
    ENTITIES = "600",
    STEPS = "1000",
    ROWS = "1000",
    STEP_MICROS = "0",
    ROUNDS = "3",
  } = process.env;
  return {
    kind: WORK,
    folder: FOLDER,
    entities: Number(ENTITIES),
    steps: Number(STEPS),
    rows: Number(ROWS),
    stepMicros: Number(STEP_MICROS),
    rounds: Number(ROUNDS),
  };
}

export const values = Float64Array.from({ length: 65536 }, (_, i) => Math.sin(i / 100));

export const lines = () =>
  Array.from({ length: 20_000 }, (_, i) => {
    const [no, millis] = [String(i).padStart(5, "0"), String(i % 977).padStart(3, "0")];
    return `GET /api/items/${no} finished with status 200 in ${millis}.${i % 10} ms`;
  });

/** Uniform numbers that no compressor makes anything of. */
export function noise(seed = 1) {
  let x = seed;
  const next = () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
  return { next, unit: () => (next() >>> 8) / (1 << 24) };
}

export function clouds() {
  const { next, unit } = noise();
  return Array.from({ length: 40 }, () => ({
    positions: Float32Array.from({ length: 3000 }, unit),
    colors: Uint32Array.from({ length: 1000 }, next),
    radii: Float32Array.from({ length: 1000 }, unit),
  }));
}

/** Waits until a step of a paced run is due; `begun` is the `performance.now()` of its first. */
export function untilDue({ stepMicros }, step, begun) {
  const rest = begun + (stepMicros * step) / 1000 - performance.now();
  return rest > 0 ? new Promise((resolve) => setTimeout(resolve, rest)) : undefined;
}
