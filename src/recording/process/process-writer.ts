import { subscribe } from "node:diagnostics_channel";
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId, type Worker } from "node:worker_threads";
import type { WriterHandle } from "../../pipeline/writer-thread/thread-messages.ts";
import { WriterControl } from "../../pipeline/writer-thread/writer-control.ts";
import { collectJoins, type EarlyJoins, tellLeft } from "../../pipeline/writer-thread/writer-hub.ts";
import { installExitHooks } from "./exit-hooks.ts";
import { processTransport } from "./process-pipeline.ts";
import { processState } from "./process-state.ts";
import { installSignalHooks } from "./signal-hooks.ts";

/** The one writer of the process, as a thread knows it before it records anything. */
export interface ProcessWriter {
  readonly handle: WriterHandle;
  /** Another thread makes it. */
  readonly isInherited: boolean;
  /** What threads have said to it, since the first of them was started. */
  readonly early: EarlyJoins | undefined;
}

/** Where the threads that are started later find it. */
const WRITER_KEY = "otel-rerun/1 writer";

/**
 * When the package is loaded: a thread that is started afterwards finds the writer, also if it is the first to record.
 *
 *   load              a name and half a kilobyte for threads to come
 *   first Worker      this thread listens, and drains at its exit: that of a thread that is terminated never comes
 *   first that asks   the writer is made
 *
 * Not in the realm of a test runner: realms come and go, and whoever listens for threads stays.
 */
export function offerWriter(): void {
  if (!isInline() && subscribe instanceof Function) processWriter();
}

/** `OTEL_RERUN_WRITER` says that each thread writes itself. */
export function isInline(): boolean {
  return process.env.OTEL_RERUN_WRITER?.trim().toLowerCase() === "inline";
}

export function processWriter(): ProcessWriter {
  const state = processState();
  state.writer ??= newWriter();
  return state.writer;
}

function newWriter(): ProcessWriter {
  const inherited = isMainThread ? undefined : (getEnvironmentData(WRITER_KEY) as WriterHandle | undefined);
  // unique in the process, where realms and threads may have one each
  const hub = `otel-rerun ${threadId} ${performance.now()}`;
  const handle = inherited ?? { hub, control: new WriterControl().buffer };
  let early: EarlyJoins | undefined;
  if (inherited === undefined) setEnvironmentData(WRITER_KEY, { ...handle });
  const control = new WriterControl(handle.control);
  // in the call of the constructor: a program may hold its thread, and end, before any event comes
  subscribe("worker_threads", (message) => {
    const { worker } = message as { readonly worker: Worker };
    const { threadId } = worker;
    if (inherited === undefined && processState().transport === undefined) {
      early ??= collectJoins(handle.hub, serveThreads);
      installExitHooks();
    }
    // one that is terminated cannot say that it is no more
    worker.once("exit", () => control.hasOthers && tellLeft(handle.hub, threadId));
  });
  return {
    handle,
    isInherited: inherited !== undefined,
    get early() {
      return early;
    },
  };
}

/** Under `register` signals save what was recorded, whichever thread it was. */
function serveThreads(): void {
  const { hooks, transport } = processState();
  if (transport !== undefined) return;
  processTransport();
  if (hooks.adopt !== undefined) installSignalHooks();
}
