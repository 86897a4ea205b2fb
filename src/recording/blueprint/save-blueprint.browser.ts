import { notInPage } from "../not-in-page.ts";

export function saveBlueprint(): never {
  throw notInPage("save of a blueprint");
}
