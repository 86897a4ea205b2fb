import { isMainThread } from "node:worker_threads";
import { closeAll, flushAll } from "./exit-hooks.ts";
import { processState } from "./process-state.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Saves what was recorded when a signal ends the process, and lets the process end as it would have without us: by the signal
 * when nobody else listens, or as the application's own handler decides. Ours runs first, saves, and steps aside for the moment
 * of that decision, so that handlers which look whether they are the last one decide as if we were not there.
 *
 * Off unless asked for, because any JavaScript listener makes a busy loop immune to SIGTERM.
 */
export function installSignalHooks(): void {
  const state = processState();
  if (state.signalHooksInstalled || !isMainThread) return;
  state.signalHooksInstalled = true;
  for (const signal of SIGNALS) arm(signal);
}

function arm(signal: NodeJS.Signals): void {
  process.prependListener(signal, onSignal);
}

/**
 * Ours stays until all is saved: a shell and a process manager both forward Ctrl-C, and with nobody listening the second one would end
 * the process in the middle of the save. What comes meanwhile waits, for those who still listen then.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1 || isInit()) flushAll();
  else closeAll();
  process.removeListener(signal, onSignal);
  // still alive after this turn: somebody else's handler chose so, or the process is one that the signal does not end
  setImmediate(arm, signal).unref();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/** The first process of a container: the kernel does not deliver default signals to it, so it lives on and records on. */
function isInit(): boolean {
  return process.pid === 1;
}
