import type { EventEmitter } from "node:events";

type Listener = (...args: unknown[]) => unknown;
/** Node removes a listener when it, or the function under its `listener` property, is the one that was asked for. */
type WrappedListener = Listener & { listener?: Listener };
/** Calls what it is given, in a context. */
type Run = (call: () => unknown) => unknown;
type AddListener = (this: EventEmitter, event: string | symbol, listener: Listener) => EventEmitter;

const ADD = ["addListener", "on", "prependListener"] as const;
const ADD_ONCE = [
  ["once", "on"],
  ["prependOnceListener", "prependListener"],
] as const;

/**
 * Makes every listener that is added to `emitter` from now on run through `run`, by covering the adding methods of this one
 * instance. Listeners that were there before are left alone.
 *
 *   emitter.on("end", f)  ──▶  original on("end", wrapped)       wrapped.listener = f
 *
 * That property is Node's own convention for `once`, so removal by the original function, `removeAllListeners`, `listeners()`
 * and the `newListener` event work without a table of ours, also for a function that was added twice.
 */
export function bindEmitter(emitter: EventEmitter, run: Run): void {
  for (const method of ADD) {
    const add: AddListener = emitter[method];
    cover(emitter, method, function (event, listener) {
      return add.call(this, event, wrap(listener, run));
    });
  }
  for (const [method, addMethod] of ADD_ONCE) {
    const addOnce: AddListener = emitter[method];
    const add: AddListener = emitter[addMethod];
    cover(emitter, method, function (event, listener) {
      const wrapped = wrap(listener, run);
      const runs = runsOf.get(wrapped);
      if (runs === undefined) return addOnce.call(this, event, listener);
      let fired = false;
      const once: WrappedListener = function (this: unknown, ...args) {
        // An emit inside this emit still finds the listener in the outer one's copy of the list.
        if (fired) return undefined;
        fired = true;
        emitter.removeListener(event, once);
        return wrapped.apply(this, args);
      };
      once.listener = listener;
      runsOf.set(once, runs);
      return add.call(this, event, once);
    });
  }
}

/** What a wrapper of ours runs through: a second manager that bound the same emitter adds to it, instead of a wrapper of its own. */
const runsOf = new WeakMap<Listener, Run[]>();

function wrap(listener: WrappedListener, run: Run): WrappedListener {
  const known = runsOf.get(listener);
  if (known !== undefined) {
    known.push(run);
    return listener;
  }
  // Not a function, or Node's wrapper of a `once` that came by another way: Node's answer is the right one.
  if (typeof listener !== "function" || listener.listener !== undefined) return listener;
  const runs = [run];
  const wrapped: WrappedListener = function (this: unknown, ...args) {
    let call = () => listener.apply(this, args);
    for (const outer of runs) {
      const inner = call;
      call = () => outer(inner);
    }
    // The result goes back, since `captureRejections` looks at it.
    return call();
  };
  wrapped.listener = listener;
  runsOf.set(wrapped, runs);
  return wrapped;
}

/** Own, hidden property: `Object.keys` of a request or a socket looks as before. */
function cover(emitter: EventEmitter, method: string, value: AddListener): void {
  Object.defineProperty(emitter, method, { value, writable: true, configurable: true, enumerable: false });
}
