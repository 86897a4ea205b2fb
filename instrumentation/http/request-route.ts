/** Where a router is mounted: the URL below which it works in this request, and the pattern that matched it. */
interface Mount {
  readonly baseUrl: string;
  readonly pattern: string;
}

export type RoutePath = string | RegExp | readonly (string | RegExp)[];

/**
 * Puts the route of a request together from the routers it passes: each knows its own part of the pattern only.
 *
 *   app.use("/shops/:shop", router)      /shops/7        mount     /shops/:shop
 *   router.get("/items/:id", …)          /shops/7/items/3 handler  /shops/:shop/items/:id
 */
export class RequestRoute {
  readonly #mounts: Mount[] = [];

  /**
   * A router is entered, at `baseUrl`.
   * @param own the pattern it is mounted at, where its router says so (2.3 and later).
   * @param names its parameters, for the others: the pattern is made again from the URL and their values.
   */
  mount(
    baseUrl: string,
    own: RoutePath | undefined,
    names: readonly string[],
    params: Readonly<Record<string, unknown>>,
  ): void {
    if (baseUrl === "" || this.#mounts.some((mount) => mount.baseUrl === baseUrl)) return;
    const parent = own === undefined ? this.#longestAbove(baseUrl) : this.#parentOf(baseUrl, own);
    const pattern =
      parent !== undefined && isPlain(own)
        ? joinRoute(parent.pattern, own)
        : joinRoute(
            this.#longestAbove(baseUrl).pattern,
            withNames(baseUrl.slice(this.#longestAbove(baseUrl).baseUrl.length), names, params),
          );
    this.#mounts.push({ baseUrl, pattern });
  }

  /** The whole pattern of a route of the router that works at `baseUrl`. */
  at(baseUrl: string, path: RoutePath): string {
    return joinRoute(this.#mounts.find((mount) => mount.baseUrl === baseUrl)?.pattern ?? baseUrl, routeText(path));
  }

  /** The pattern of the innermost router that was entered, for a request that one of its middlewares answers. */
  get innermost(): string | undefined {
    return this.#mounts.at(-1)?.pattern;
  }

  /** The mount whose URL is that of `baseUrl` without the parts that `own` has. */
  #parentOf(baseUrl: string, own: RoutePath): Mount | undefined {
    if (!isPlain(own)) return undefined;
    const parts = own.split("/").filter((part) => part !== "").length;
    const segments = baseUrl.split("/");
    const above = segments.slice(0, segments.length - parts).join("/");
    return above === "" ? ROOT : this.#mounts.find((mount) => mount.baseUrl === above);
  }

  #longestAbove(baseUrl: string): Mount {
    let longest = ROOT;
    for (const mount of this.#mounts) {
      if (mount.baseUrl.length > longest.baseUrl.length && baseUrl.startsWith(`${mount.baseUrl}/`)) longest = mount;
    }
    return longest;
  }
}

const ROOT: Mount = { baseUrl: "", pattern: "" };

/** A pattern with one part of the URL for each part of its own. */
function isPlain(path: RoutePath | undefined): path is string {
  return typeof path === "string" && !/[*?+(){}]/.test(path);
}

export function routeText(path: RoutePath): string {
  if (typeof path === "string") return path;
  return path instanceof RegExp ? path.toString() : path.map(routeText).join("|");
}

export function joinRoute(base: string, path: string): string {
  const route = path === "/" || path === "" ? base : `${base}${path.startsWith("/") ? "" : "/"}${path}`;
  return route === "" ? "/" : route;
}

/** `/shops/7` → `/shops/:shop`: the first part that equals a parameter's value is taken for it. */
function withNames(url: string, names: readonly string[], params: Readonly<Record<string, unknown>>): string {
  const open = new Set(names);
  return url
    .split("/")
    .map((part) => {
      for (const name of open) {
        if (part === "" || (String(params[name]) !== part && encodeURIComponent(String(params[name])) !== part))
          continue;
        open.delete(name);
        return `:${name}`;
      }
      return part;
    })
    .join("/");
}
