/** `map.set(key, value)` of a map that keeps `max` entries: what was set first is forgotten first. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.set(key, value);
  if (map.size > max) map.delete(map.keys().next().value as K);
}
