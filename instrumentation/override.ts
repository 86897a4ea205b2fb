/** On each function of ours that stands in for another one; recognised across copies of this package. */
const OVERRIDE = Symbol.for("otel-rerun/1 override");

type Method = (this: never, ...args: never[]) => unknown;

/** Takes an override away again. */
export type Restore = () => void;

/**
 * Replaces `target[name]` by what `make` returns, as a hidden property with the same length and name.
 *
 * Restoring puts the original back, unless somebody has wrapped ours meanwhile: then ours stays below theirs, and has to call
 * `original` from then on. That is what `isOn` is for.
 *
 * Returns `undefined`, and changes nothing, where another copy of this package has been, or where the application lets nobody change
 * its objects (`Object.freeze`, `--frozen-intrinsics`).
 */
export function override<M extends Method>(
  target: object,
  name: PropertyKey,
  make: (original: M, isOn: () => boolean) => M,
): Restore | undefined {
  const original = Reflect.get(target, name) as M;
  if (typeof original !== "function" || OVERRIDE in original) return undefined;
  const own = Reflect.getOwnPropertyDescriptor(target, name);
  let on = true;
  const replacement = make(original, () => on);
  Object.defineProperty(replacement, OVERRIDE, { value: true });
  Object.defineProperty(replacement, "length", { value: original.length, configurable: true });
  Object.defineProperty(replacement, "name", { value: original.name, configurable: true });
  const enumerable = own?.enumerable ?? false;
  const isDone = Reflect.defineProperty(target, name, {
    value: replacement,
    writable: true,
    configurable: true,
    enumerable,
  });
  if (!isDone) return undefined;
  return () => {
    on = false;
    if (Reflect.get(target, name) !== replacement) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Reflect.defineProperty(target, name, own);
  };
}

/** Overrides that belong together: all of them go at once. */
export class Overrides {
  readonly #restores: Restore[] = [];

  add<M extends Method>(target: object, name: PropertyKey, make: (original: M, isOn: () => boolean) => M): void {
    const restore = override(target, name, make);
    if (restore !== undefined) this.#restores.push(restore);
  }

  /** Something else to be undone with them, such as a subscription. */
  defer(restore: Restore): void {
    this.#restores.push(restore);
  }

  restore(): void {
    for (const restore of this.#restores.splice(0).reverse()) restore();
  }
}
