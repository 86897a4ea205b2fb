import { parseSync, Visitor } from "rolldown/utils";

/** `let node_fs = require("node:fs");`, as rolldown writes it, and what it may wrap it in: `node_fs = require_chunk.__toESM(node_fs);`. */
const REQUIRED = /^(?:let|const) (\w+) = (require\((["'])(.+)\3\));\n/gm;
const wrapped = (name: string) => new RegExp(`^${name} = ([\\w.]+)\\(${name}((?:, 1)?)\\);\\n`, "m");

/**
 * What a file of the build takes from Node, and from the peer, is loaded when it is first used and not when the file is: `register` is in
 * front of every start of somebody else's program, and most of them use no `zlib`. What a file uses while it is loaded itself is
 * loaded then.
 *
 *     let node_fs = require("node:fs");         (0, (node_fs()).writeSync)(2, text);
 *     (0, node_fs.writeSync)(2, text);   ──▶    function node_fs() { return node_fs_ ??= require("node:fs"); } var node_fs_;
 *
 * @param isLate says of what is required, a package or a file of the build, whether it can wait.
 */
export function lazyRequires(isLate: (request: string) => boolean) {
  return {
    name: "lazy-requires",
    renderChunk(code: string, { fileName }: { fileName: string }) {
      const late = new Map<string, string>();
      let text = code.replace(REQUIRED, (line, name: string, value: string, _quote: string, request: string) => {
        if (!isLate(request)) return line;
        late.set(name, value);
        return "";
      });
      if (late.size === 0) return undefined;
      for (const [name, value] of late) {
        text = text.replace(wrapped(name), (_, wrap: string, mode: string) => {
          late.set(name, `${wrap}(${value}${mode})`);
          return "";
        });
      }
      const uses: { readonly start: number; readonly end: number }[] = [];
      const { program, errors } = parseSync(`${fileName}.cjs`, text);
      if (errors[0] !== undefined) throw new Error(`${fileName}: ${errors[0].message}`);
      new Visitor({
        Identifier({ name, start, end }) {
          if (late.has(name)) uses.push({ start, end });
        },
      }).visit(program);
      // From the end, since each edit moves what follows. In parentheses for `new node_x.Y()`.
      for (const { start, end } of uses.sort((a, b) => b.end - a.end)) {
        text = `${text.slice(0, start)}(${text.slice(start, end)}())${text.slice(end)}`;
      }
      const functions = [...late].map(
        ([name, value]) => `function ${name}() { return ${name}_ ??= ${value}; }\nvar ${name}_;\n`,
      );
      return { code: `${text}\n${functions.join("")}` };
    },
  };
}
