import { createRequire } from "node:module";
import { RerunError } from "../../errors.ts";

/** What we use of a namespace of cls-hooked; structural, since the package is the application's own. */
export interface ClsNamespace {
  /** The innermost context; contexts are objects that inherit from the one they were made in. */
  readonly active: object | null;
  get(key: string): unknown;
  createContext(): object;
  enter(context: object): void;
  exit(context: object): void;
}

/** What we use of the package. */
export interface ClsModule {
  getNamespace(name: string): unknown;
  createNamespace(name: string): unknown;
}

/** All copies of cls-hooked in a process keep their namespaces here. */
type WithNamespaces = NodeJS.Process & { namespaces?: Readonly<Record<string, ClsNamespace | undefined>> };

/** The namespace of that name, if somebody has made it; does not need the package. */
export function findNamespace(name: string): ClsNamespace | undefined {
  const { namespaces } = process as WithNamespaces;
  return namespaces !== undefined && Object.hasOwn(namespaces, name) ? namespaces[name] : undefined;
}

/**
 * The same, made if it is not there. It lives as long as the process: cls-hooked never takes the hook of a namespace away.
 * @throws RerunError ERR_RERUN_MISSING_PEER if it has to be made, `cls` is not given, and cls-hooked is not installed.
 */
export function findOrMakeNamespace(name: string, cls?: ClsModule): ClsNamespace {
  // `createNamespace` puts a new one in the place of one that is there
  return findNamespace(name) ?? ((cls ?? loadClsHooked()).createNamespace(name) as ClsNamespace);
}

function loadClsHooked(): ClsModule {
  try {
    return createRequire(import.meta.url)("cls-hooked") as ClsModule;
  } catch (cause) {
    throw new RerunError(
      "ERR_RERUN_MISSING_PEER",
      'otel-rerun/cls-hooked needs the package cls-hooked: "npm install cls-hooked", or give it as the option cls',
      { cause },
    );
  }
}
