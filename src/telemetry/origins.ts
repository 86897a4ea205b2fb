import { processState } from "../recording/process/process-state.ts";
import type { Resource, Scope } from "./model.ts";

/**
 * Origins: who made a span. Resources and scopes are few and repeat in every record, so they are defined once and then named by a
 * number, on both sides of the transport.
 */
export type OriginDefinition =
  | { readonly type: "resource"; readonly no: number; readonly resource: Resource }
  | { readonly type: "scope"; readonly no: number; readonly scope: Scope };

/** More origins than this are folded into the first (I7): a program has a handful. */
const MAX_ORIGINS = 4096;

/** The caller's side: gives out the numbers. */
export class OriginWriter {
  readonly #define: (definition: OriginDefinition) => void;
  readonly #byIdentity = new WeakMap<object, number>();
  readonly #resources = new Map<string, number>();
  readonly #scopes = new Map<string, number>();

  constructor(define: (definition: OriginDefinition) => void) {
    this.#define = define;
  }

  resource(resource: Resource): number {
    return this.#byIdentity.get(resource) ?? this.#number(resource, this.#resources, aboutResource);
  }

  scope(scope: Scope): number {
    return this.#byIdentity.get(scope) ?? this.#number(scope, this.#scopes, aboutScope);
  }

  #number<Origin extends object>(
    origin: Origin,
    table: Map<string, number>,
    describe: (origin: Origin) => Description,
  ): number {
    const { key, definitions, define } = descriptionOf(origin, describe);
    let no = table.get(key);
    if (no === undefined) {
      if (table.size >= MAX_ORIGINS) return 0;
      no = table.size;
      table.set(key, no);
      definitions[no] ??= define(no);
      this.#define(definitions[no] as OriginDefinition);
    }
    this.#byIdentity.set(origin, no);
    return no;
  }
}

interface Description {
  /** Equal for equal origins. */
  readonly key: string;
  define(no: number): OriginDefinition;
  /** By number; the same object each time, so that it is encoded once (src/pipeline/definition-codec.ts). */
  readonly definitions: OriginDefinition[];
}

/** Recordings of requests follow on each other, and each is told of the same few origins: a tenth of what a request cost beside an SDK. */
const descriptions = new WeakMap<object, Description>();

function descriptionOf<Origin extends object>(origin: Origin, describe: (origin: Origin) => Description): Description {
  let description = descriptions.get(origin);
  if (description === undefined) {
    description = describe(origin);
    descriptions.set(origin, description);
  }
  return description;
}

function aboutResource(resource: Resource): Description {
  const clean = processState().hooks.redact?.("resource", resource) ?? resource;
  return { key: toJson(resource), define: (no) => ({ type: "resource", no, resource: clean }), definitions: [] };
}

function aboutScope({ name, version }: Scope): Description {
  const scope: Scope = version === undefined ? { name } : { name, version };
  return { key: `${name}@${version ?? ""}`, define: (no) => ({ type: "scope", no, scope }), definitions: [] };
}

/** The writer's side: knows what was defined. */
export class OriginReader {
  readonly #resources: Resource[] = [];
  readonly #scopes: Scope[] = [];

  define(definition: OriginDefinition): void {
    if (definition.type === "resource") this.#resources[definition.no] = definition.resource;
    else this.#scopes[definition.no] = definition.scope;
  }

  resource(no: number): Resource {
    return this.#resources[no] ?? UNKNOWN_RESOURCE;
  }

  scope(no: number): Scope {
    return this.#scopes[no] ?? UNKNOWN_SCOPE;
  }
}

const UNKNOWN_RESOURCE: Resource = { attributes: {} };
const UNKNOWN_SCOPE: Scope = { name: "" };

function toJson(resource: Resource): string {
  return JSON.stringify(resource.attributes, (_, value) => (typeof value === "bigint" ? String(value) : value));
}
