import { CAPS, type LeftOut } from "./caps.ts";
import { Slugs } from "./slugs.ts";

/** Routes beyond the cap are one. */
const OTHER = "_other";

export interface Route {
  readonly name: string;
  /** Unique as a path part. */
  readonly slug: string;
  readonly index: number;
}

/** The names of root spans, e.g. `GET /users/:id`, in order of first appearance. */
export class Routes {
  readonly #routes = new Map<string, Route>();
  readonly #slugs = new Slugs();
  readonly #leftOut: LeftOut;

  constructor(leftOut: LeftOut) {
    this.#leftOut = leftOut;
  }

  of(name: string): Route {
    const known = this.#routes.get(name);
    if (known !== undefined) return known;
    if (this.#routes.size >= CAPS.routes && name !== OTHER) {
      this.#leftOut.add("routes");
      return this.of(OTHER);
    }
    const route = { name, slug: this.#slugs.of(name), index: this.#routes.size };
    this.#routes.set(name, route);
    return route;
  }
}
