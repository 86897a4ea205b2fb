import { RerunError } from "../errors.ts";
import { checkedOptions } from "../option-names.ts";
import { BatcherConfig } from "../pipeline/batcher-config.ts";
import type { BatcherHooks, HookName, OnBatcherEvents } from "../pipeline/batcher-hooks.ts";
import { processState } from "./process/process-state.ts";
import { warnOnce } from "./warnings.ts";

/** Thresholds of the batch processor, each on its own, and what to call when it does something. */
export interface BatcherOptions extends Partial<BatcherConfig> {
  readonly hooks?: BatcherHooks;
}

const HOOKS: readonly HookName[] = ["onInsert", "onConfigChange", "onFlush"];

/** As the definition of a recording has them. */
interface BatcherSettings {
  readonly batcher?: Partial<BatcherConfig>;
  readonly hooks?: readonly HookName[];
}

/**
 * The option `batcher` as the writer takes it. A threshold that is undefined counts as not given.
 * @throws RerunError ERR_RERUN_ARGUMENT
 */
export function batcherSettings(batcher?: BatcherOptions): BatcherSettings {
  if (batcher === undefined || batcher === null) return {};
  const { hooks, ...options } = checkedOptions("batcher", batcher, [...Object.keys(BatcherConfig.default), "hooks"]);
  checkedOptions("batcher.hooks", hooks, HOOKS);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (typeof value === "number" && value >= 0) continue;
    throw new RerunError("ERR_RERUN_ARGUMENT", `batcher.${name} must be a number from 0 on, got ${String(value)}`);
  }
  const named = HOOKS.filter((name) => hooks?.[name] !== undefined);
  for (const name of named) {
    if (typeof hooks?.[name] === "function") continue;
    throw new RerunError("ERR_RERUN_ARGUMENT", `batcher.hooks.${name} must be a function, got ${typeof hooks?.[name]}`);
  }
  return {
    ...(given.length > 0 && { batcher: Object.fromEntries(given) }),
    ...(named.length > 0 && { hooks: named }),
  };
}

/** Calls the hooks of a recording. */
export const callBatcherHooks: OnBatcherEvents = (recording, events) => {
  const { batcherHooks } = processState();
  const hooks = batcherHooks.get(recording);
  for (const event of events) {
    const { hook } = event;
    if (hook === "end") {
      batcherHooks.delete(recording);
      return;
    }
    if (hook === "missed") {
      const reason =
        "the event loop did not turn while they waited; log less between two turns, or hear of chunks only";
      warnOnce("batcher missed", `batcher.hooks missed ${event.value} rows or chunks: ${reason}`);
      continue;
    }
    try {
      (hooks?.[hook] as ((value: unknown) => void) | undefined)?.(event.value);
    } catch (error) {
      warnOnce(`batcher ${hook}`, `batcher.hooks.${hook} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
};
