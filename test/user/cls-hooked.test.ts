import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Context } from "@opentelemetry/api";
import { describe, expect, inject, it } from "vitest";
import { behavesAsContextManager } from "../context-manager-behaviours.ts";
import { node } from "./run.ts";

const { plain, sdk2 } = inject("consumers");

// In this process, but from the packed package: with the real cls-hooked, and the API that both see.
const require = createRequire(join(sdk2, "index.js"));
const api: typeof import("@opentelemetry/api") = require("@opentelemetry/api");
const { ClsHookedContextManager }: typeof import("../../src/cls-hooked.ts") = require("otel-rerun/cls-hooked");
const { RecordingContextManager }: typeof import("../../src/otel.ts") = require("otel-rerun/otel");
const cls = require("cls-hooked");

const { ROOT_CONTEXT } = api;
const contextOf = (n: number): Context => ROOT_CONTEXT.setValue(api.createContextKey("n"), n);

describe("ClsHookedContextManager", () => {
  behavesAsContextManager(() => new ClsHookedContextManager(), api);

  it("brings a callback that the namespace bound to its context, whoever calls it; AsyncLocalStorage does not", () => {
    const namespace = cls.createNamespace("application");
    const [own, pools] = [contextOf(1), contextOf(2)];
    for (const [manager, seen] of [
      [new ClsHookedContextManager({ namespace }), own],
      [new ClsHookedContextManager({ namespace: "application" }), own],
      [new RecordingContextManager().enable(), pools],
    ] as const) {
      const waiting: (() => unknown)[] = [];
      manager.with(own, () => waiting.push(namespace.bind(() => manager.active())));
      expect(manager.with(pools, () => waiting.shift()?.())).toBe(seen);
      manager.disable();
    }
  });

  it("leaves the application what it has set, in and around its own contexts", () => {
    const namespace = cls.createNamespace("values");
    const manager = new ClsHookedContextManager({ namespace });
    namespace.run(() => {
      namespace.set("user", 7);
      manager.with(contextOf(1), () => {
        expect(namespace.get("user")).toBe(7);
        const outer = manager.active();
        namespace.run(() => expect(manager.active()).toBe(outer));
      });
      expect(namespace.get("user")).toBe(7);
      expect(manager.active()).toBe(ROOT_CONTEXT);
    });
  });

  it("makes one namespace for the process, however many managers there are", () => {
    new ClsHookedContextManager({ cls });
    const made = cls.getNamespace("otel-rerun");
    new ClsHookedContextManager();
    expect(cls.getNamespace("otel-rerun")).toBe(made);
  });

  it("returns what the function returns when that left contexts in another order (I1)", () => {
    const namespace = cls.createNamespace("unbalanced");
    const manager = new ClsHookedContextManager({ namespace });
    const result = manager.with(contextOf(1), () => {
      namespace.exit(namespace.active);
      return "result";
    });
    expect(result).toBe("result");
  });

  it("binds emitters to the context given, not to that of the moment", () => {
    const manager = new ClsHookedContextManager();
    const [given, moment] = [contextOf(1), contextOf(2)];
    const emitter = manager.bind(given, new EventEmitter());
    let seen: unknown;
    manager.with(moment, () =>
      emitter.on("x", () => {
        seen = manager.active();
      }),
    );
    emitter.emit("x");
    expect(seen).toBe(given);
  });

  it("says what to install where cls-hooked is not there", async () => {
    const script = `const { ClsHookedContextManager } = require("otel-rerun/cls-hooked");
try { new ClsHookedContextManager(); } catch (error) { console.log(error.code, error.message.includes("npm install cls-hooked")); }`;
    expect((await node(plain, ["-e", script])).stdout).toBe("ERR_RERUN_MISSING_PEER true\n");
  });

  it("is there for ES modules too", async () => {
    const script = `import { ClsHookedContextManager, clsResolver } from "otel-rerun/cls-hooked";
console.log(new ClsHookedContextManager().with({ own: 1 }, () => 1), typeof clsResolver);`;
    const run = await node(sdk2, ["--input-type=module", "-e", script]);
    expect(run.stdout, run.stderr).toBe("1 function\n");
  });
});
