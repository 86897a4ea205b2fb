import { INTERNALS } from "../internals.ts";
import { processState } from "./process-state.ts";

/** The same limit as in a process, though nothing in a page waits. */
export const EXIT_TIMEOUT_MILLIS = 2000;

/** What is used of a page; in a worker of its there is no such event. */
interface Page {
  addEventListener?(type: "pagehide", listener: (event: { readonly persisted: boolean }) => void): void;
}

/** A page that goes away gives what it has to its sinks. One that may come back from the browser's cache stays open. */
export function installExitHooks(): void {
  const state = processState();
  if (state.exitHooksInstalled) return;
  state.exitHooksInstalled = true;
  (globalThis as Page).addEventListener?.("pagehide", ({ persisted }) => (persisted ? flushAll() : closeAll()));
}

export function flushAll(): void {
  processState().transport?.requestSync({ type: "flush", timeoutMillis: EXIT_TIMEOUT_MILLIS });
}

export function closeAll(): void {
  const { transport, hooks, openRecordings } = processState();
  hooks.beforeClose?.();
  transport?.requestSync({ type: "close", timeoutMillis: EXIT_TIMEOUT_MILLIS });
  for (const recording of openRecordings) {
    for (const { plan } of recording[INTERNALS].sinks) plan.end?.exiting();
  }
  hooks.afterClose?.();
}
