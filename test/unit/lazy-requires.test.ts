import { expect, it } from "vitest";
import { lazyRequires } from "../../scripts/lazy-requires.ts";

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
