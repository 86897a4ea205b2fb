import { v5 } from "uuid";

/** Any fixed UUID will do: it keeps our names apart from those of others who hash the same text. */
const NAMESPACE = "6c1f3c4e-8f0e-4d0b-9a55-0b7f1d2c9e31";

/**
 * The id of a view or container, from its place in the layout (`0.1.2` = third child of the second child of the root) and its
 * kind. Ids have to be unique within a blueprint store only, so nothing random is needed and the same layout gives the same
 * bytes (I9).
 */
export function blueprintId(place: string, kind: string): string {
  return v5(`${place} ${kind}`, NAMESPACE);
}
