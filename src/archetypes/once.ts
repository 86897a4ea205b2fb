/**
 * A value that is made at its first use and kept. Archetypes hold their components so: importing all 98 makes no descriptor,
 * and asking again costs a call and a comparison.
 */
export function once<T extends object>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
