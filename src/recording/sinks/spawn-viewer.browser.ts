import { notInPage } from "../not-in-page.ts";

export type { SpawnedViewer, SpawnOptions } from "./spawn-viewer.ts";

export async function spawnViewer(): Promise<never> {
  throw notInPage("spawn");
}
