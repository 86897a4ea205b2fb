import { processState } from "../recording/process/process-state.ts";

/** Lets recordings show themselves in a page. The server is loaded by the first that does. */
export function installPage(): void {
  processState().hooks.serveViewer ??= async (options) => {
    const { serveViewer } = await import("./viewer-server.ts");
    return serveViewer(options);
  };
}
