import type { Attributes, AttributeValue } from "../model.ts";

/** More names than this in one recording are not looked after (I7). */
const MAX_NAMES = 10_000;

/**
 * Names of attributes as components of one recording. The index at a file's end replaces dots, dashes and blanks in names, and two that
 * are the same then (`service.name`, `service_name`: the Collector writes both) would cost the file its index (rrd-format §5.5). The
 * one that comes second gets a number. An attribute without a name gets one: official readers refuse components that have none.
 */
export class ComponentNames {
  /** As the index writes it → the attribute that has the name. */
  readonly #owners = new Map<string, string>();
  readonly #renamed = new Map<string, string>();

  /** The same object when no name is taken. */
  of(attributes: Attributes): Attributes {
    let renamed: Record<string, AttributeValue> | undefined;
    for (const key in attributes) {
      const name = this.#nameOf(key);
      if (name === key) continue;
      renamed ??= { ...attributes };
      delete renamed[key];
      renamed[name] = attributes[key] as AttributeValue;
    }
    return renamed ?? attributes;
  }

  #nameOf(key: string): string {
    const known = this.#renamed.get(key);
    if (known !== undefined) return known;
    const wanted = key === "" ? "_" : key;
    const owner = this.#owners.get(indexed(wanted));
    if (owner === key || this.#owners.size >= MAX_NAMES) return wanted;
    let name = wanted;
    for (let ordinal = 2; this.#owners.has(indexed(name)); ordinal++) name = `${wanted}_${ordinal}`;
    this.#owners.set(indexed(name), name);
    if (name !== key) this.#renamed.set(key, name);
    return name;
  }
}

function indexed(name: string): string {
  return name.replace(/[, \-.\\]/g, "_").replace(/^_+/, "");
}
