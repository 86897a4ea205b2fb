import { notInPage } from "../not-in-page.ts";

export type { WebViewer, WebViewerOptions } from "./web-viewer.ts";

export async function serveWebViewer(): Promise<never> {
  throw notInPage("serveWebViewer");
}
