import { createInlineTransport } from "./pipeline/inline-transport.ts";
import type { Transport } from "./pipeline/transport.ts";
import { callBatcherHooks } from "./recording/batcher-settings.ts";
import { processState } from "./recording/process/process-state.ts";
import { warn } from "./recording/warnings.ts";
import { createExpander } from "./telemetry/layout/expander.ts";

/** In a page the writer is on the page's own thread. */
export function installWriter(): void {
  processState().hooks.createTransport ??= createTransport;
}

export function createTransport(): Transport {
  return createInlineTransport({ createExpander, onWarning: warn, onBatcherEvents: callBatcherHooks, environment: {} });
}
