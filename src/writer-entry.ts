import { createInlineTransport } from "./pipeline/inline-transport.ts";
import type { Transport } from "./pipeline/transport.ts";
import { processState } from "./recording/process-state.ts";
import { createExpander } from "./telemetry/layout/expander.ts";

/**
 * The one place where the pipeline, which knows nothing of spans, and the layout, which knows nothing of chunks, meet. The
 * transport is made at the first row of the process.
 */
export function installWriter(): void {
  processState().hooks.createTransport ??= createTransport;
}

export function createTransport(): Transport {
  return createInlineTransport({ createExpander });
}
