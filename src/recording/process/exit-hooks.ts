import type { Transport } from "../../pipeline/transport.ts";
import { INTERNALS } from "../internals.ts";
import { sayLine, sayRest } from "../warnings.ts";
import { processState } from "./process-state.ts";

/** How long an ending process waits for its recordings, in milliseconds. */
export const EXIT_TIMEOUT_MILLIS = 2000;

/** What is used of `process` beside its documented parts; `process.exit` has the second of them as its last step, behind all listeners. */
interface Ending {
  _exiting?: boolean;
  reallyExit(code?: number): never;
}
const ending = process as unknown as Ending;

/** The real one: a test of the application's may hold its ticks back. */
const { nextTick } = process;

/**
 * Nothing is lost on a natural end, `process.exit` and an uncaught error (I4), without the application calling anything.
 *
 *   beforeExit                flushes: the loop may go on, so nothing is finished
 *   exit                      finishes and closes all recordings, behind every other listener, which may still log
 *   reallyExit                the same where `exit` did not get to us: another listener ended the process, or took ours away
 *   uncaughtExceptionMonitor  flushes: no `exit` comes after an error in a handler of errors, or in a listener of `exit`
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
  process.on("uncaughtExceptionMonitor", saveUncaught);
  const { reallyExit } = ending;
  // not an assignment, which throws where the application has frozen its process
  Reflect.set(process, "reallyExit", function (this: unknown, ...code: [number?]) {
    finishOnce();
    return Reflect.apply(reallyExit, this, code);
  });
}

/** The last rest was used to deliver. */
let hasDelivered = false;

/**
 * Sinks that send, and those of the application itself, need the event loop: at each first rest they get it, until they have delivered
 * or the time is over. Nothing holds the next one.
 */
function flushAtRest(): void {
  const { openRecordings } = processState();
  const transport = transportOfAll();
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

/** Also one that was made only because other threads of the process record: what they have said is heard now. */
function transportOfAll(): Transport | undefined {
  const state = processState();
  state.writer?.early?.hear();
  return state.transport;
}

/** Gives all that was recorded until now to the sinks, before it returns. False: a sink hangs. */
export function flushAll(): boolean {
  return transportOfAll()?.requestSync({ type: "flush", timeoutMillis: EXIT_TIMEOUT_MILLIS }).error === undefined;
}

/** Finishes all recordings (summary, footer) and closes their sinks, before it returns. */
export function closeAll(): void {
  const state = processState();
  const { hooks, openRecordings } = state;
  state.isEnding = true;
  sayRest();
  const transport = transportOfAll();
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

let isFinished = false;

/** Behind a listener that may have done so already. */
function finishOnce(): void {
  if (isFinished) return;
  isFinished = true;
  closeAll();
}

function finish(): void {
  if (isLast("exit", finish)) finishOnce();
  else recordUntilTheEnd();
}

/**
 * A listener that was added in the very tick that ends the process runs after ours. Closing now would lose what it logs, so
 * each of its rows is flushed on the spot, and `reallyExit` closes; where that is not called (a natural end, an uncaught error) only
 * the footer is given up, which readers can do without.
 */
function recordUntilTheEnd(): void {
  processState().hooks.beforeClose?.();
  flushEachRow();
}

/**
 * Before the handlers of errors: one of them may end the process at once by an error of its own, so that their rows are flushed on
 * the spot, too. An error in a listener of `exit` ends the process, unless it is handled.
 */
function saveUncaught(): void {
  const isHandled = process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback();
  const isEnd = ending._exiting === true && !isHandled;
  if (isEnd && isLast("uncaughtExceptionMonitor", saveUncaught)) finishOnce();
  else if (isEnd) recordUntilTheEnd();
  else nextTick(flushEachRow());
}

function isLast(event: "exit" | "uncaughtExceptionMonitor", listener: () => void): boolean {
  return process.rawListeners(event).at(-1) === listener;
}

let endFlushing: (() => void) | undefined;

/** Returns how to end that. A sink that hangs is waited for once. */
function flushEachRow(): () => void {
  const transport = transportOfAll();
  let isFlushing = flushAll();
  if (transport === undefined) return () => {};
  if (endFlushing !== undefined) return endFlushing;
  const { end } = transport;
  transport.end = (writer) => {
    const accepted = end.call(transport, writer);
    if (isFlushing) isFlushing = flushAll();
    return accepted;
  };
  endFlushing = () => {
    endFlushing = undefined;
    Reflect.deleteProperty(transport, "end");
  };
  return endFlushing;
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
    nextTick(() => {
      process.removeListener(event, listener);
      process.on(event, listener);
      isMoving = false;
    });
  });
}
