import type { Accept } from "./accept.ts";
import type { NumericArray } from "./value-types.ts";

/** A place on earth, in degrees north and east: `[latitude, longitude]`, or an object. */
export type LatLon =
  | readonly number[]
  | NumericArray
  | { readonly lat: number; readonly lon: number }
  | { readonly latitude: number; readonly longitude: number };

/** Many places; flat numbers are split, so a `Float64Array` of 2 n numbers are n places. */
export type LatLons = LatLon | readonly LatLon[];

export const acceptLatLons: Accept = (value) => {
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map(acceptLatLons);
  if (typeof value !== "object" || value === null) return value;
  if ("lat" in value) return [value.lat, (value as { lon?: unknown }).lon];
  return "latitude" in value ? [value.latitude, (value as { longitude?: unknown }).longitude] : value;
};
