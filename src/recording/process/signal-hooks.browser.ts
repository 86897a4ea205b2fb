/** Nobody signals a page. */
export function installSignalHooks(): void {}
