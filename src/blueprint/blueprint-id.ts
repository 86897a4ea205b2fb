import { v5 } from "uuid";
import { RerunError } from "../errors.ts";

/** Any fixed UUID will do: it keeps our names apart from those of others who hash the same text. */
const NAMESPACE = "6c1f3c4e-8f0e-4d0b-9a55-0b7f1d2c9e31";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of a view or container, from its place in the layout (`0.1.2` = third child of the second child of the root) and its
 * kind. Ids have to be unique within a blueprint store only, so nothing random is needed and the same layout gives the same
 * bytes (I9).
 */
export function blueprintId(place: string, kind: string): string {
  return v5(`${place} ${kind}`, NAMESPACE);
}

/**
 * An id that a user gave; undefined stays undefined. Viewers find views by it in paths, so there is one spelling.
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function checkedId(owner: string, id: string | undefined): string | undefined {
  if (id === undefined || UUID.test(id)) return id;
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `${owner}, id: expected a UUID in lower case such as ${blueprintId("", owner)}, got ${JSON.stringify(id)}`,
  );
}
