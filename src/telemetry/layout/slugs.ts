import { slug } from "./slug.ts";

/** Path parts for names that must not meet: of two names with the same slug the second gets a number. */
export class Slugs {
  readonly #slugs = new Map<string, string>();
  readonly #taken: Set<string>;

  /** @param reserved path parts that are used by something else. */
  constructor(reserved: readonly string[] = []) {
    this.#taken = new Set(reserved);
  }

  get size(): number {
    return this.#slugs.size;
  }

  has(name: string): boolean {
    return this.#slugs.has(name);
  }

  of(name: string): string {
    const known = this.#slugs.get(name);
    if (known !== undefined) return known;
    const plain = slug(name);
    let unique = plain;
    for (let i = 2; this.#taken.has(unique); i++) unique = `${plain}_${i}`;
    this.#taken.add(unique);
    this.#slugs.set(name, unique);
    return unique;
  }
}
