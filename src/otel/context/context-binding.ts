import type { EventEmitter } from "node:events";
import type { Context } from "@opentelemetry/api";
import { bindEmitter } from "../../recording/context/bound-emitter.ts";
import { isEventEmitter } from "../../recording/context/event-emitter.ts";

/** `ContextManager.with`, as far as binding needs it. */
type With = (context: Context, fn: () => unknown) => unknown;

/** `ContextManager.bind` by upstream's rules, on top of a manager's `with`. */
export class ContextBinding {
  readonly #with: With;
  readonly #boundEmitters = new WeakSet<EventEmitter>();

  constructor(run: With) {
    this.#with = run;
  }

  /**
   * A function that always runs in `context`, or the same emitter, whose listeners added later do. An emitter stays bound to the
   * first context it was bound to, as with upstream's managers. Anything else comes back as it is.
   */
  bind<T>(context: Context, target: T): T {
    if (isEventEmitter(target)) {
      if (!this.#boundEmitters.has(target)) {
        this.#boundEmitters.add(target);
        bindEmitter(target, (call) => this.#with(context, call));
      }
      return target;
    }
    return typeof target === "function" ? this.#bindFunction(context, target as T & Function) : target;
  }

  #bindFunction<F extends Function>(context: Context, target: F): F {
    const run = this.#with;
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return run(context, () => target.apply(this, args));
    };
    // Express tells error handlers, and test runners callbacks, by the number of parameters.
    Object.defineProperty(bound, "length", { value: target.length, configurable: true });
    return bound as unknown as F;
  }
}
