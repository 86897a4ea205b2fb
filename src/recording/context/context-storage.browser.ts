/**
 * What carries a scope in a page. Browsers have no asynchronous context: a scope holds while its function runs, for an async one up
 * to its first `await`. Behind that a row goes to the recording that is named, or to the global one.
 */
export class ContextStorage<T> {
  #store: T | undefined;

  getStore(): T | undefined {
    return this.#store;
  }

  enterWith(store: T): void {
    this.#store = store;
  }

  run<Args extends unknown[], R>(store: T, fn: (...args: Args) => R, ...args: Args): R {
    const before = this.#store;
    this.#store = store;
    try {
      return fn(...args);
    } finally {
      this.#store = before;
    }
  }
}
