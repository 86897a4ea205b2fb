import { CAPS, type LeftOut } from "./caps.ts";
import { Slugs } from "./slugs.ts";

/** Path parts below `/logs`: one a service, the rest share one. */
export class LogEntities {
  readonly #slugs = new Slugs(["events", "exceptions", "_other"]);
  readonly #leftOut: LeftOut;

  constructor(leftOut: LeftOut) {
    this.#leftOut = leftOut;
  }

  of(service: string): string {
    if (this.#slugs.has(service) || this.#slugs.size < CAPS.logEntities) return this.#slugs.of(service);
    this.#leftOut.add("logs");
    return "_other";
  }
}
