import { type Context, type ContextManager, ROOT_CONTEXT } from "@opentelemetry/api";
import { ContextStorage } from "../../recording/context/context-storage.ts";
import { processState } from "../../recording/process/process-state.ts";
import { ContextBinding } from "./context-binding.ts";

/** Ends an `attach`. Disposing it again does nothing. */
export interface AttachedContext extends Disposable {
  dispose(): void;
}

/** `AsyncLocalStorage.withScope`, which Node has from 24.21 and 25.9 on. */
interface ScopedStorage {
  withScope?(context: Context): { dispose(): void };
}

/**
 * OpenTelemetry's context manager on AsyncLocalStorage. The store is the OTel context itself.
 *
 * The first manager that is enabled works on the storage that also carries the scopes of recordings (`rec.with`), so that one
 * entry into a storage sets both; any further one gets a storage of its own, since instances must not influence each other.
 */
export class RecordingContextManager implements ContextManager {
  #storage: ContextStorage<Context> | undefined;
  readonly #binding = new ContextBinding((context, fn) => this.with(context, fn));

  /** The context of this flow of control; the root context outside of every `with`. */
  active(): Context {
    return this.#storage?.getStore() ?? ROOT_CONTEXT;
  }

  /** Calls `fn` in `context`, and everything it starts; returns or throws what `fn` does. Works while disabled, too. */
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const storage = this.#ownStorage();
    if (thisArg === undefined || thisArg === null) return storage.run(context, fn, ...args);
    return storage.run(context, () => fn.apply(thisArg, args));
  }

  /**
   * A function that always runs in `context`, or the same emitter, whose listeners added later do. An emitter stays bound to the
   * first context it was bound to by this manager, as with upstream's managers. Anything else comes back as it is.
   */
  bind<T>(context: Context, target: T): T {
    return this.#binding.bind(context, target);
  }

  /**
   * Makes `context` active for the rest of this flow of control, until the token is disposed. For hooks that have a begin and an
   * end but no function to wrap. In an async function before its first `await` it also changes the caller: prefer `with`.
   */
  attach(context: Context): AttachedContext {
    const storage = this.#ownStorage();
    const scope = (storage as ScopedStorage).withScope?.(context);
    const previous = this.active();
    if (scope === undefined) storage.enterWith(context);
    let attached = true;
    const dispose = () => {
      if (!attached) return;
      attached = false;
      if (scope === undefined) storage.enterWith(previous);
      else scope.dispose();
    };
    return { dispose, [Symbol.dispose]: dispose };
  }

  enable(): this {
    const state = processState();
    if (state.contextManager === undefined) {
      state.contextManager = this;
      this.#storage = state.contextStorage;
    }
    return this;
  }

  /**
   * Gives the shared storage free for the next manager. Contexts that are under way stay: the same storage carries the scopes of
   * recordings, which do not end because OpenTelemetry does.
   */
  disable(): this {
    const state = processState();
    if (state.contextManager === this) state.contextManager = undefined;
    return this;
  }

  #ownStorage(): ContextStorage<Context> {
    this.#storage ??= new ContextStorage();
    return this.#storage;
  }
}
