import path from "node:path";

/** Collects what one generated file needs from others, and notes in `needs` what has to be generated for it. */
export class Imports {
  #folder;
  #needs;
  #own;
  #modules = new Map();

  /**
   * @param folder of the file, below `src`
   * @param needs sets of full names: constants, structs, enums
   * @param own name of the file itself: what it defines is not imported
   */
  constructor(folder, needs, own) {
    this.#folder = folder;
    this.#needs = needs;
    this.#own = own === undefined ? undefined : `${folder}/${own}`;
  }

  /** @param fullName of a struct type */
  type(module, name, fullName) {
    if (fullName !== undefined) this.#needs.structs.add(fullName);
    const names = this.#names(module);
    if (!names.has(name)) names.set(name, "type");
  }

  /** @param fullName of an enum or a datatype constant */
  value(module, name, fullName) {
    if (fullName !== undefined) (module.endsWith("/enums") ? this.#needs.enums : this.#needs.constants).add(fullName);
    this.#names(module).set(name, "value");
  }

  #names(module) {
    let names = this.#modules.get(module);
    if (names === undefined) {
      names = new Map();
      this.#modules.set(module, names);
    }
    return names;
  }

  /** The import statements for what `body` uses. */
  text(body) {
    const lines = [];
    for (const [module, requested] of this.#modules) {
      const names = new Map([...requested].filter(([name]) => new RegExp(`\\b${name}\\b`).test(body)));
      if (module === this.#own || names.size === 0) continue;
      const relative = path.posix.relative(this.#folder, module);
      const from = `from "${relative.startsWith(".") ? relative : `./${relative}`}.ts";`;
      const sorted = [...names.keys()].sort();
      const onlyTypes = sorted.every((name) => names.get(name) === "type");
      const list = sorted.map((name) => (onlyTypes || names.get(name) === "value" ? name : `type ${name}`)).join(", ");
      lines.push([relative, `import ${onlyTypes ? "type " : ""}{ ${list} } ${from}`]);
    }
    return lines
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => `${line}\n`)
      .join("");
  }
}
