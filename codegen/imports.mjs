import path from "node:path";

const LINE_WIDTH = 120;

/** Collects what one generated file needs from others, and which struct types have to be generated for it. */
export class Imports {
  #folder;
  #structs;
  #own;
  #modules = new Map();
  #namespaces = new Map();

  /**
   * @param folder of the file, below `src`
   * @param structs set of full names, to which the struct types are added that users write as objects
   * @param own name of the file itself: what it defines is not imported
   */
  constructor(folder, structs, own) {
    this.#folder = folder;
    this.#structs = structs;
    this.#own = own === undefined ? undefined : `${folder}/${own}`;
  }

  /** @param fullName of a struct type */
  type(module, name, fullName) {
    if (fullName !== undefined) this.#structs.add(fullName);
    const names = this.#names(module);
    if (!names.has(name)) names.set(name, "type");
  }

  value(module, name) {
    this.#names(module).set(name, "value");
  }

  /** The whole of a module under one name: what is generated has names that clash (the component and the enum FillMode). */
  namespace(module, name) {
    this.#namespaces.set(name, module);
  }

  /** The same without types: for expressions, whose types are not written down. */
  withoutTypes() {
    return {
      type: () => {},
      value: (...request) => this.value(...request),
      namespace: (...request) => this.namespace(...request),
      withoutTypes: () => this.withoutTypes(),
    };
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
    const code = body.replace(/\/\*\*.*?\*\//gs, "");
    const free = code.replace(/\.\w+/g, "");
    const lines = [];
    for (const [name, module] of this.#namespaces) {
      if (!new RegExp(`\\b${name}\\.`).test(code)) continue;
      const relative = this.#relative(module);
      lines.push([relative, `import * as ${name} from "${relative}.ts";`]);
    }
    for (const [module, requested] of this.#modules) {
      const names = new Map([...requested].filter(([name]) => new RegExp(`\\b${name}\\b`).test(free)));
      if (module === this.#own || names.size === 0) continue;
      const relative = this.#relative(module);
      const sorted = [...names.keys()].sort();
      const onlyTypes = sorted.every((name) => names.get(name) === "type");
      const list = sorted.map((name) => (onlyTypes || names.get(name) === "value" ? name : `type ${name}`)).join(", ");
      const keyword = onlyTypes ? "import type" : "import";
      const line = `${keyword} { ${list} } from "${relative}.ts";`;
      const split = `${keyword} {\n  ${list.replaceAll(", ", ",\n  ")},\n} from "${relative}.ts";`;
      lines.push([relative, line.length <= LINE_WIDTH ? line : split]);
    }
    return lines
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => `${line}\n`)
      .join("");
  }

  #relative(module) {
    const relative = path.posix.relative(this.#folder, module);
    return relative.startsWith(".") ? relative : `./${relative}`;
  }
}
