import { INTERNALS } from "./internals.ts";
import { processState } from "./process-state.ts";
import { sayLine, sayRest } from "./warnings.ts";

/** How long an ending process waits for its recordings, in milliseconds. */
export const EXIT_TIMEOUT_MILLIS = 2000;

/**
 * Nothing is lost on a natural end, `process.exit` and an uncaught error (I4), without the application calling anything.
 *
 *   beforeExit   flushes: the loop may go on, so nothing is finished
 *   exit         finishes and closes all recordings, behind every other listener, which may still log
 *
 * Files are written synchronously: a promise would keep `beforeExit` coming for ever, and `exit` does not wait for one.
 */
export function installExitHooks(): void {
  const state = processState();
  if (state.exitHooksInstalled) return;
  state.exitHooksInstalled = true;
  process.on("beforeExit", flushAtRest);
  process.on("exit", finish);
  keepLast("exit", finish);
}

/** The last rest was used to deliver. */
let hasDelivered = false;

/**
 * Sinks that send, and those of the application itself, need the event loop: at each first rest they get it, until they have delivered
 * or the time is over. Nothing holds the next one.
 */
function flushAtRest(): void {
  const { transport, openRecordings } = processState();
  const sinks = [...openRecordings].flatMap((recording) => recording[INTERNALS].sinks);
  hasDelivered = !hasDelivered && transport !== undefined && sinks.some(({ plan }) => plan.isAsync);
  if (!hasDelivered || transport === undefined) {
    flushAll();
    return;
  }
  void transport
    .request({ type: "flush", timeoutMillis: EXIT_TIMEOUT_MILLIS })
    .then(() => Promise.all(sinks.map(({ plan }) => plan.end?.flushed())));
}

/** Gives all that was recorded until now to the sinks, before it returns. */
export function flushAll(): void {
  processState().transport?.requestSync({ type: "flush", timeoutMillis: EXIT_TIMEOUT_MILLIS });
}

/** Finishes all recordings (summary, footer) and closes their sinks, before it returns. */
export function closeAll(): void {
  const state = processState();
  const { transport, hooks, openRecordings } = state;
  state.isEnding = true;
  sayRest();
  hooks.beforeClose?.();
  const error = transport?.requestSync({ type: "close", timeoutMillis: EXIT_TIMEOUT_MILLIS }).error as
    | { readonly code?: string }
    | undefined;
  if (error?.code === "ERR_RERUN_FLUSH_TIMEOUT") {
    sayLine("the process ended before all that was recorded could be written; its file has what was");
  }
  for (const recording of openRecordings) {
    for (const { plan } of recording[INTERNALS].sinks) plan.end?.exiting();
  }
  hooks.afterClose?.();
}

function finish(): void {
  const listeners = process.rawListeners("exit");
  if (listeners.indexOf(finish) === listeners.length - 1) closeAll();
  else recordUntilTheEnd();
}

/**
 * A listener that was added in the very tick that ends the process runs after ours. Closing now would lose what it logs, so
 * each of its rows is flushed on the spot. `process.exit` has one more step behind the listeners, where we close; where there is none
 * (an uncaught error) only the footer is given up, which readers can do without.
 */
function recordUntilTheEnd(): void {
  const { transport } = processState();
  if (transport === undefined) return;
  processState().hooks.beforeClose?.();
  flushAll();
  const ending = process as unknown as { reallyExit(code: number): never };
  const reallyExit = ending.reallyExit;
  ending.reallyExit = (code) => {
    closeAll();
    return reallyExit.call(process, code);
  };
  const end = transport.end.bind(transport);
  transport.end = (writer) => {
    const accepted = end(writer);
    flushAll();
    return accepted;
  };
}

/**
 * Moves our listener behind one that was added after it. `newListener` comes before the other is in the list, so this has to
 * wait for the end of the current operation.
 */
function keepLast(event: "exit", listener: () => void): void {
  let isMoving = false;
  process.on("newListener", (added, other) => {
    if (added !== event || other === listener || isMoving) return;
    isMoving = true;
    process.nextTick(() => {
      process.removeListener(event, listener);
      process.on(event, listener);
      isMoving = false;
    });
  });
}
