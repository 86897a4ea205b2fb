import { anyValues } from "../../archetypes/index.ts";
import type { Resource } from "../model.ts";
import { CAPS } from "./caps.ts";
import { ComponentNames } from "./component-names.ts";
import type { LogRow } from "./log-rows.ts";
import { slug } from "./slug.ts";
import { text } from "./span-json.ts";
import { STATIC } from "./times.ts";

/**
 * `/__properties/resource`: who made the telemetry. A service that comes second has its name behind, as have all processes that share a
 * recording. Written again when more becomes known of a service (detectors that need time).
 */
export class ResourceProperties {
  readonly #log: LogRow;
  readonly #instance: string | undefined;
  readonly #paths = new Map<string, string>();
  readonly #seen = new WeakSet<Resource>();
  readonly #names = new ComponentNames();

  constructor(log: LogRow, instance?: string) {
    this.#log = log;
    this.#instance = instance;
  }

  see(resource: Resource): void {
    if (this.#seen.has(resource)) return;
    this.#seen.add(resource);
    const service = text(resource.attributes["service.name"]);
    let path = this.#paths.get(service);
    if (path === undefined) {
      if (this.#paths.size >= CAPS.logEntities) return;
      const isFirst = this.#paths.size === 0;
      const name = isFirst ? this.#instance : [this.#instance, slug(service)].filter(Boolean).join("_");
      path = `/__properties/resource${name === undefined ? "" : `_${name}`}`;
      this.#paths.set(service, path);
    }
    this.#log(path, STATIC, anyValues(this.#names.of(resource.attributes)));
  }
}
