import { expect, it } from "vitest";
import { lazyRequires } from "../../scripts/lazy-requires.mts";

const plugin = lazyRequires((request) => request.startsWith("node:"));

/** Runs a file of the build; what it requires is noted, and is a namespace that answers with its own name. */
function load(code: string): { readonly required: string[]; readonly exports: Record<string, () => unknown> } {
  const required: string[] = [];
  const require = (request: string) => {
    required.push(request);
    return { name: request, Class: class {} };
  };
  const exports = {};
  const { code: text } = plugin.renderChunk(code, { fileName: "file.cjs" }) ?? { code };
  new Function("require", "exports", text)(require, exports);
  return { required, exports };
}

it("requires once, at the first use", () => {
  const { required, exports } = load(`let node_fs = require("node:fs");
exports.use = () => (0, node_fs.name);
`);
  expect(required).toEqual([]);
  expect(exports.use?.()).toBe("node:fs");
  expect(exports.use?.()).toBe("node:fs");
  expect(required).toEqual(["node:fs"]);
});

it("keeps the wrapping of a default import, `new`, and what only looks like a name", () => {
  const { required, exports } = load(`const wrap = (module, mode) => ({ default: module, mode });
let node_os = require('node:os');
node_os = wrap(node_os, 1);
let node_net = require("node:net");
exports.wrapped = () => [node_os.default.name, node_os.mode];
exports.made = () => new node_net.Class() instanceof node_net.Class;
exports.text = () => "node_os.default"; // node_os
`);
  expect(exports.text?.()).toBe("node_os.default");
  expect(required).toEqual([]);
  expect(exports.wrapped?.()).toEqual(["node:os", 1]);
  expect(exports.made?.()).toBe(true);
});

it("requires at once what is used at once, and what cannot wait", () => {
  const { required } = load(`let node_fs = require("node:fs");
let other = require("./other.cjs");
exports.name = node_fs.name;
`);
  expect(required).toEqual(["./other.cjs", "node:fs"]);
});

it("looks up once what another file of the build exports", () => {
  let reads = 0;
  const file = {
    get count() {
      reads += 1;
      return () => reads;
    },
  };
  const { code } = plugin.renderChunk(
    `const require_file = require("./file.cjs");
exports.use = () => (0, require_file.count)() + require_file.count();
exports.text = "require_file.count";
`,
    { fileName: "file.cjs" },
  ) ?? { code: "" };
  const exports: { use?: () => number; text?: string } = {};
  new Function("require", "exports", code)(() => file, exports);
  expect([exports.use?.(), exports.use?.(), reads, exports.text]).toEqual([2, 2, 1, "require_file.count"]);
});

it("refuses a file that exports what changes, which nobody would see who looked it up before", () => {
  const code = (value: string) => `const require_file = require("./file.cjs");
let state = 1;
function next() { state${value}; }
Object.defineProperty(exports, "state", {
	enumerable: true,
	get: function() {
		return state;
	}
});
`;
  expect(() => plugin.renderChunk(code(" = 2"), { fileName: "state.cjs" })).toThrow("state.cjs exports state");
  expect(plugin.renderChunk(code(" === 2"), { fileName: "state.cjs" })?.code).toContain("state === 2");
});
