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
    return (
      this.#byIdentity.get(resource) ??
      this.#number(resource, this.#resources, toJson(resource), (no) => ({ type: "resource", no, resource }))
    );
  }

  scope(scope: Scope): number {
    const known = this.#byIdentity.get(scope);
    if (known !== undefined) return known;
    const { name, version } = scope;
    const plain: Scope = version === undefined ? { name } : { name, version };
    return this.#number(scope, this.#scopes, `${name}@${version ?? ""}`, (no) => ({ type: "scope", no, scope: plain }));
  }

  #number(
    origin: object,
    table: Map<string, number>,
    key: string,
    definition: (no: number) => OriginDefinition,
  ): number {
    let no = table.get(key);
    if (no === undefined) {
      if (table.size >= MAX_ORIGINS) return 0;
      no = table.size;
      table.set(key, no);
      this.#define(definition(no));
    }
    this.#byIdentity.set(origin, no);
    return no;
  }
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
