import { RerunError } from "../errors.ts";

const AXES = ["x", "y", "z", "w"];

/**
 * Vectors in any form that users write (flat numbers, arrays of arrays, objects with axes) as flat numbers, for archetypes that
 * have to calculate with them. What is only passed on is not touched.
 *
 * @throws RerunError ERR_RERUN_DATA naming `what`.
 */
export function flatVectors(values: unknown, size: number, what: string): Float64Array {
  const flat = isNumbers(values) ? Float64Array.from(values) : Float64Array.from(instancesOf(values).flatMap(one));
  if (flat.length % size !== 0 || flat.some(Number.isNaN)) throw wrong();
  return flat;

  function one(vector: unknown): number[] {
    const numbers = isNumbers(vector) ? Array.from(vector) : axesOf(vector);
    if (numbers.length !== size) throw wrong();
    return numbers;
  }

  function axesOf(vector: unknown): number[] {
    if (typeof vector !== "object" || vector === null || !("x" in vector)) throw wrong();
    return AXES.slice(0, size).map((axis) => Number((vector as Record<string, unknown>)[axis]));
  }

  function wrong(): RerunError {
    return new RerunError(
      "ERR_RERUN_DATA",
      `${what}: expected vectors of ${size} numbers, flat, as arrays or with axes`,
    );
  }
}

function instancesOf(values: unknown): unknown[] {
  return Array.isArray(values) ? values : [values];
}

function isNumbers(values: unknown): values is ArrayLike<number> {
  if (ArrayBuffer.isView(values)) return "length" in values;
  return Array.isArray(values) && (values.length === 0 || typeof values[0] === "number");
}

/** `a + b`, one of them repeated where it is a single vector; the sum is rounded as the official SDK rounds it, in Float32. */
export function sumOfVectors(a: Float64Array, b: Float64Array, size: number, what: string): Float32Array {
  const length = a.length === size ? b.length : a.length;
  if ((a.length !== length && a.length !== size) || (b.length !== length && b.length !== size)) {
    throw new RerunError(
      "ERR_RERUN_DATA",
      `${what}: ${a.length / size} and ${b.length / size} were given; there must be as many of both, or one`,
    );
  }
  return Float32Array.from({ length }, (_, i) => Math.fround(a[i % a.length]!) + Math.fround(b[i % b.length]!));
}
