type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Runs `before` ahead of each call of one method of one object. */
export function beforeCalls<K extends string>(target: Record<K, Function>, method: K, before: () => void): void {
  cover(target, method, (original) => {
    return function (this: unknown, ...args) {
      before();
      return Reflect.apply(original, this, args);
    };
  });
}

/** Runs `after` behind each call of one method of one object; gets the receiver, the arguments and the result. */
export function afterCalls<K extends string>(
  target: Record<K, Function>,
  method: K,
  after: (result: unknown, args: readonly unknown[], receiver: unknown) => void,
): void {
  cover(target, method, (original) => {
    return function (this: unknown, ...args) {
      const result = Reflect.apply(original, this, args);
      after(result, args, this);
      return result;
    };
  });
}

/** An own, hidden property over the method of the class; objects that do not let us are left as they are. */
export function cover<K extends string>(
  target: Record<K, Function>,
  method: K,
  make: (original: Function) => Method,
): void {
  const value = make(target[method]);
  Reflect.defineProperty(target, method, { value, writable: true, configurable: true, enumerable: false });
}
