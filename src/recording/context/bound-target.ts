import type { RecordingStream } from "../recording-stream.ts";
import { bindEmitter } from "./bound-emitter.ts";
import { isEventEmitter } from "./event-emitter.ts";
import { type BoundScope, bindScope } from "./scope.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What `rec.bind` gives. A generator sees the scope of whoever asks it for its next value, a listener that of whoever emits; bound
 * they see the one they were bound in (C25).
 *
 *   function   a function; if what it returns is a generator, that is bound too
 *   emitter    the same emitter, whose listeners added later are bound
 *   iterator   an iterator over the same values; sync or async, generators included
 */
export function bindTarget<T>(recording: RecordingStream, target: T): T {
  if (isEventEmitter(target)) {
    const scope = bindScope(recording);
    bindEmitter(target, (call) => scope.run(call));
    return target;
  }
  if (typeof target === "function") return bindFunction(recording, target as unknown as AnyFunction) as T;
  return isIterator(target) ? (bindIterator(target, bindScope(recording)) as T) : target;
}

/** A generator, or anything else that is iterated by its own `next`. */
export function isIterator(value: unknown): value is IteratorLike {
  if (typeof value !== "object" || value === null) return false;
  const { next } = value as { next?: unknown };
  return typeof next === "function" && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** Sync or async: what `next` returns is handed on as it is. */
export interface IteratorLike {
  next(...args: unknown[]): unknown;
  return?(value?: unknown): unknown;
  throw?(error?: unknown): unknown;
}

/** The same iterator, each step of which runs in `scope`. */
export function bindIterator(iterator: IteratorLike, scope: BoundScope): IteratorLike {
  const bound: IteratorLike & Record<symbol, unknown> = {
    next: (...args) => scope.resume(() => iterator.next(...args)),
    [Symbol.asyncIterator in iterator ? Symbol.asyncIterator : Symbol.iterator]: () => bound,
  };
  if (iterator.return !== undefined) bound.return = (value) => scope.resume(() => iterator.return?.(value));
  if (iterator.throw !== undefined) bound.throw = (error) => scope.resume(() => iterator.throw?.(error));
  return bound;
}

function bindFunction(recording: RecordingStream, target: AnyFunction): AnyFunction {
  const scope = bindScope(recording);
  const bound: AnyFunction = function (this: unknown, ...args) {
    return scope.run(() => {
      const result = target.apply(this, args);
      return isIterator(result) ? bindTarget(recording, result) : result;
    });
  };
  // Express tells error handlers, and test runners callbacks, by the number of parameters.
  return Object.defineProperty(bound, "length", { value: target.length, configurable: true });
}
