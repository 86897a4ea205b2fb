import { type Context, type ContextManager, diag, ROOT_CONTEXT } from "@opentelemetry/api";
import { checkedOptions, optionNames } from "../../option-names.ts";
import { type ClsModule, type ClsNamespace, findOrMakeNamespace } from "./cls-namespace.ts";
import { ContextBinding } from "./context-binding.ts";

export interface ClsHookedContextManagerOptions {
  /** The namespace to live in, or its name. Default "otel-rerun"; give the application's own where pools and queues are bound to it. */
  readonly namespace?: string | ClsNamespace;
  /** The package, where it cannot be loaded from here: `cls: require("cls-hooked")`. */
  readonly cls?: ClsModule;
}

const NAMES = optionNames<ClsHookedContextManagerOptions>({ namespace: true, cls: true });

/**
 * OpenTelemetry's context manager on a namespace of cls-hooked. A callback that was bound by `namespace.bind`, and that a pool runs
 * from another chain of calls, sees its context here, where AsyncLocalStorage sees the pool's.
 *
 *   namespace.active ─▶ { [key]: inner context } ─▶ prototype { user: 7, [key]: outer context } ─▶ …
 *
 * Awaits cost five to eight times what they cost with `RecordingContextManager`: use that one unless the application has such pools.
 * What the application sets by `namespace.set` inside of `with` is gone after it, as it is after the namespace's own `run`.
 */
export class ClsHookedContextManager implements ContextManager {
  readonly #namespace: ClsNamespace;
  readonly #binding = new ContextBinding((context, fn) => this.with(context, fn));
  /** One per manager, since instances must not influence each other. cls-hooked takes any property key. */
  readonly #key = Symbol("otel-rerun context") as unknown as string;

  /** @throws RerunError ERR_RERUN_MISSING_PEER if cls-hooked is neither given nor installed. */
  constructor(options: ClsHookedContextManagerOptions = {}) {
    const { namespace = "otel-rerun", cls } = checkedOptions("ClsHookedContextManager", options, NAMES);
    this.#namespace = typeof namespace === "string" ? findOrMakeNamespace(namespace, cls) : namespace;
  }

  /** The context of this flow of control; the root context outside of every `with`. */
  active(): Context {
    return (this.#namespace.get(this.#key) as Context | undefined) ?? ROOT_CONTEXT;
  }

  /** Calls `fn` in `context`, and everything it starts; returns or throws what `fn` does. Works while disabled, too. */
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    // Not `namespace.run`: it writes a property on what is thrown, so a string or a frozen error comes out as a TypeError.
    const entered = this.#namespace.createContext() as Record<string, unknown>;
    entered[this.#key] = context;
    this.#namespace.enter(entered);
    try {
      return fn.call(thisArg as ThisParameterType<F>, ...args);
    } finally {
      this.#exit(entered);
    }
  }

  /** As `RecordingContextManager`; not cls-hooked's `bindEmitter`, which binds to what is active when a listener is added. */
  bind<T>(context: Context, target: T): T {
    return this.#binding.bind(context, target);
  }

  enable(): this {
    return this;
  }

  /** Contexts that are under way stay: the namespace is the application's, or lives as long as the process. */
  disable(): this {
    return this;
  }

  #exit(entered: object): void {
    try {
      this.#namespace.exit(entered);
    } catch (error) {
      // `fn` itself left contexts that were not its own. What it returned or threw is what the caller has to get (I1).
      diag.error("otel-rerun: contexts of cls-hooked were left in another order than entered", error);
    }
  }
}
