import { createRequire } from "node:module";
import { diag } from "@opentelemetry/api";
import type { ApiCopy } from "../src/otel/install.ts";
import { API_REGISTRY } from "../src/recording/process/api-registry.ts";

const OF_API = /[\\/]@opentelemetry[\\/]api[\\/]/;

type Global = typeof globalThis & { [API_REGISTRY]?: object };

/**
 * Calls back when somebody in this process uses the API of OpenTelemetry for the first time, before he gets an answer; at once if the
 * API has been loaded already.
 *
 * `register` has to give the API's tracers something behind them, for which the API has to be loaded: 43 files, a quarter of what
 * `register` cost. Most programs never use it. So the place where the API looks is a getter until it has looked.
 */
export function onFirstApiUse(callback: () => void): void {
  if (isApiLoaded()) {
    callback();
    return;
  }
  const begin = (registry?: object) => {
    Reflect.deleteProperty(globalThis, API_REGISTRY);
    if (registry !== undefined) (globalThis as Global)[API_REGISTRY] = registry;
    try {
      callback();
    } catch (error) {
      diag.error("otel-rerun: could not set tracing up", error); // whoever looks is the application (I1)
    }
  };
  // where the application lets nobody add a global, the API cannot register anything either
  Reflect.defineProperty(globalThis, API_REGISTRY, {
    configurable: true,
    enumerable: true,
    get: () => {
      begin();
      return (globalThis as Global)[API_REGISTRY];
    },
    set: begin,
  });
}

/** Nobody can have registered anything yet. */
export function isApiUnused(): boolean {
  const { get } = Object.getOwnPropertyDescriptor(globalThis, API_REGISTRY) ?? {};
  return get !== undefined;
}

/** Its tracers may be in variables, and those do not look again. */
function isApiLoaded(): boolean {
  return API_REGISTRY in globalThis || apiFiles().length > 0;
}

/**
 * The copies of the API that are loaded as CommonJS. The one of the application is not ours where `otel-rerun` is installed elsewhere: by
 * npx, globally, in another package of a workspace.
 */
export function loadedApis(): readonly ApiCopy[] {
  return apiFiles().flatMap(({ exports }) => (isApi(exports) ? [exports] : []));
}

function isApi(exports: Partial<ApiCopy> | undefined): exports is ApiCopy {
  return exports?.ProxyTracerProvider !== undefined && exports.trace !== undefined && exports.context !== undefined;
}

function apiFiles(): NodeModule[] {
  const { cache } = createRequire(process.execPath); // of the process, whoever asks; a bundle of ES modules has no file of ours to name
  return Object.entries(cache).flatMap(([path, file]) => (file !== undefined && OF_API.test(path) ? [file] : []));
}
