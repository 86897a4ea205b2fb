/** The class of a typed array by its tag, e.g. `Float32Array`: `instanceof` fails across realms (Jest, vm). */
export function typedArrayTag(view: ArrayBufferView): string {
  return (view as unknown as Record<symbol, string>)[Symbol.toStringTag] ?? "DataView";
}
