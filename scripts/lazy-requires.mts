import { parseSync, Visitor } from "rolldown/utils";

/** `let node_fs = require("node:fs");`, as rolldown writes it, and what it may wrap it in: `node_fs = require_chunk.__toESM(node_fs);`. */
const REQUIRED = /^(?:let|const) (\w+) = (require\((["'])(.+)\3\));\n/gm;
/** As rolldown names what it requires of the build, and the line of one that cannot wait. */
const OWN_FILE = /^require_/;
const OF_THE_BUILD = /^const (require_\w+) = require\((?:"|')\.\/.+\);$/gm;
const GETTER = /get: function ?\(\) \{\s+return (\w+);/g;
const wrapped = (name: string) => new RegExp(`^${name} = ([\\w.]+)\\(${name}((?:, 1)?)\\);\\n`, "m");

/**
 * What a file of the build takes from Node, and from the peer, is loaded when it is first used and not when the file is: `register` is in
 * front of every start of somebody else's program, and most of them use no `zlib`. What a file uses while it is loaded itself is
 * loaded then.
 *
 *     let node_fs = require("node:fs");         (0, (node_fs()).writeSync)(2, text);
 *     (0, node_fs.writeSync)(2, text);   ──▶    function node_fs() { return node_fs_ ??= require("node:fs"); } var node_fs_;
 *
 * What one file of the build takes from another is looked up once, since the exports are getters of an object of hundreds, which V8 keeps
 * as a hash table: `log(Scalars)` cost its caller 1.4 µs with a look-up at each use, 1.1 with this.
 *
 *     require_later.encodeComponent(a)   ──▶    (require_later$encodeComponent ??= require_later().encodeComponent)(a)
 *
 * @param isLate says of what is required, a package or a file of the build, whether it can wait.
 * @throws Error if a file exports a variable that is given another value later: who looked it up would not see it.
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
      const early = [...text.matchAll(OF_THE_BUILD)].map(([, name = ""]) => name);
      if (late.size === 0 && early.length === 0) return undefined;
      for (const [name, value] of late) {
        text = text.replace(wrapped(name), (_, wrap: string, mode: string) => {
          late.set(name, `${wrap}(${value}${mode})`);
          return "";
        });
      }
      const exported = new Set([...text.matchAll(GETTER)].map(([, name = ""]) => name));
      const uses: { readonly name: string; readonly start: number; readonly end: number }[] = [];
      const { program, errors } = parseSync(`${fileName}.cjs`, text);
      if (errors[0] !== undefined) throw new Error(`${fileName}: ${errors[0].message}`);
      new Visitor({
        Identifier({ name, start, end }) {
          if (late.has(name) || early.includes(name)) uses.push({ name, start, end });
        },
        AssignmentExpression({ left, right }) {
          // an enum fills itself while its file is loaded: `Code || (Code = {})`
          const isBegun = right.type === "ObjectExpression" && right.properties.length === 0;
          if (left.type === "Identifier" && exported.has(left.name) && !isBegun) {
            throw new Error(`${fileName} exports ${left.name}, which changes`);
          }
        },
      }).visit(program);
      const kept = new Set<string>();
      // From the end, since each edit moves what follows. In parentheses for `new node_x.Y()`.
      for (const { name, start, end } of uses.sort((a, b) => b.end - a.end)) {
        const member = OWN_FILE.test(name) ? /^\.([\w$]+)/.exec(text.slice(end, end + 200)) : null;
        const whole = late.has(name) ? `${name}()` : name;
        if (member === null) {
          if (late.has(name)) text = `${text.slice(0, start)}(${whole})${text.slice(end)}`;
          continue;
        }
        const own = `${name}$${member[1]}`;
        kept.add(own);
        text = `${text.slice(0, start)}(${own} ??= ${whole}.${member[1]})${text.slice(end + member[0].length)}`;
      }
      const functions = [...late].map(
        ([name, value]) => `function ${name}() { return ${name}_ ??= ${value}; }\nvar ${name}_;\n`,
      );
      const variables = kept.size === 0 ? "" : `var ${[...kept].join(", ")};\n`;
      return { code: `${text}\n${functions.join("")}${variables}` };
    },
  };
}
