interface ProviderResource {
  /** SDK 2.x and later; some values are promises. */
  getRawAttributes?(): readonly (readonly [key: string, value: unknown])[];
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What an SDK calls a program that nobody has named: no name. */
const UNKNOWN = /^unknown_service(:|$)/;

/**
 * What the application has told its provider that its service is called; undefined: nothing, or not yet. SDK 1.x shows the resource of a
 * provider, later lines keep it in a field that is not public, so it may be missing.
 */
export function providerServiceName(provider: object): string | undefined {
  try {
    const { resource, _resource } = provider as { resource?: ProviderResource; _resource?: ProviderResource };
    const found = resource ?? _resource;
    // reading `attributes` before all are known is an error to SDK 2.x
    const raw = found?.getRawAttributes?.().find(([key]) => key === "service.name")?.[1];
    const name = raw ?? (found?.getRawAttributes === undefined ? found?.attributes?.["service.name"] : undefined);
    return typeof name === "string" && name.trim() !== "" && !UNKNOWN.test(name) ? name : undefined;
  } catch {
    return undefined; // I1
  }
}
