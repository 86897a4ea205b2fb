import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context, ContextManager } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** The copy of the API that the manager uses. */
type Api = Pick<typeof import("@opentelemetry/api"), "createContextKey" | "ROOT_CONTEXT">;

/** What every context manager does, ours and upstream's. */
export function behavesAsContextManager(create: () => ContextManager, { createContextKey, ROOT_CONTEXT }: Api): void {
  const key = createContextKey("test");
  const a = ROOT_CONTEXT.setValue(key, "a");
  const b = ROOT_CONTEXT.setValue(key, "b");
  let manager: ContextManager;
  beforeEach(() => {
    manager = create().enable();
  });
  afterEach(() => {
    manager.disable();
  });

  describe("with", () => {
    it("starts at the root context", () => {
      expect(manager.active()).toBe(ROOT_CONTEXT);
    });

    it("passes this, arguments and the return value", () => {
      const self = { n: 1 };
      const result = manager.with(
        a,
        function (this: typeof self, x: number, y: number) {
          return [this, x, y, manager.active()];
        },
        self,
        2,
        3,
      );
      expect(result).toEqual([self, 2, 3, a]);
    });

    it("restores the context after return, nested use and a throw", () => {
      manager.with(a, () => {
        manager.with(b, () => expect(manager.active()).toBe(b));
        expect(manager.active()).toBe(a);
        expect(() =>
          manager.with(b, () => {
            throw new Error("no");
          }),
        ).toThrow("no");
        expect(manager.active()).toBe(a);
      });
      expect(manager.active()).toBe(ROOT_CONTEXT);
    });

    it("throws on what was thrown, whatever it is", () => {
      for (const thrown of ["text", Object.freeze(new Error("frozen")), undefined, 7]) {
        let caught: unknown = "nothing";
        try {
          manager.with(a, () => {
            throw thrown;
          });
        } catch (error) {
          caught = error;
        }
        expect(caught).toBe(thrown);
        if (typeof thrown === "object") expect(Object.keys(thrown)).toEqual([]);
        expect(manager.active()).toBe(ROOT_CONTEXT);
      }
    });

    it("keeps 1,000 interleaved chains of timers, awaits and microtasks apart (I6)", async () => {
      const chain = async (n: number) => {
        const own = ROOT_CONTEXT.setValue(key, n);
        await manager.with(own, async () => {
          for (let step = 0; step < 4; step++) {
            if (n % 3 === 0) await sleep(n % 4);
            else if (n % 3 === 1) await new Promise((done) => setImmediate(done));
            else await Promise.resolve();
            expect(manager.active().getValue(key)).toBe(n);
          }
        });
      };
      await Promise.all(Array.from({ length: 1_000 }, (_, n) => chain(n)));
    });

    it("keeps the context over awaits, and apart in concurrent chains", async () => {
      const chain = async (own: Context) => {
        for (let step = 0; step < 5; step++) {
          await sleep(1);
          expect(manager.active()).toBe(own);
        }
      };
      await Promise.all([manager.with(a, () => chain(a)), manager.with(b, () => chain(b)), chain(ROOT_CONTEXT)]);
    });

    it("does not mix timers of equal delay", async () => {
      const seen = await Promise.all(
        [a, b, a].map((own) =>
          manager.with(own, () => new Promise((done) => setTimeout(() => done(manager.active()), 5))),
        ),
      );
      expect(seen).toEqual([a, b, a]);
    });

    it("works while disabled", () => {
      manager.disable();
      expect(manager.with(a, () => manager.with(b, () => manager.active()))).toBe(b);
    });

    it("does not influence another instance", () => {
      const other = create().enable();
      manager.with(a, () =>
        other.with(b, () => {
          expect(manager.active()).toBe(a);
          expect(other.active()).toBe(b);
        }),
      );
      other.disable();
    });
  });

  describe("bind of a function", () => {
    it("runs it in the context, with this, arguments and arity", () => {
      const self = {};
      const bound = manager.bind(a, function (this: unknown, x: number, y: number) {
        return [this, x, y, manager.active()];
      });
      expect(bound.length).toBe(2);
      expect(manager.with(b, () => bound.call(self, 1, 2))).toEqual([self, 1, 2, a]);
    });

    it("keeps the context after an asynchronous gap", async () => {
      const bound = manager.bind(a, async () => {
        await sleep(1);
        return manager.active();
      });
      expect(await manager.with(b, bound)).toBe(a);
    });

    it("returns anything else untouched", () => {
      const object = { on: 1 };
      expect(manager.bind(a, object)).toBe(object);
      expect(manager.bind(a, 7)).toBe(7);
      expect(manager.bind(a, undefined)).toBe(undefined);
    });
  });

  describe("bind of an emitter", () => {
    const adders = ["on", "addListener", "once", "prependListener", "prependOnceListener"] as const;

    it.each(adders)("runs listeners added by %s in the context, once where it says so", (method) => {
      const emitter = manager.bind(a, new EventEmitter());
      const seen: unknown[] = [];
      emitter[method]("x", function (this: unknown, value: unknown) {
        seen.push([this === emitter, value, manager.active()]);
      });
      manager.with(b, () => emitter.emit("x", 1));
      emitter.emit("x", 2);
      const first = [true, 1, a];
      expect(seen).toEqual(method.toLowerCase().includes("once") ? [first] : [first, [true, 2, a]]);
    });

    it.each(adders)("removes a listener added by %s by the original function", (method) => {
      const emitter = manager.bind(a, new EventEmitter());
      const listener = () => expect.unreachable();
      emitter[method]("x", listener);
      expect(emitter.listenerCount("x")).toBe(1);
      emitter.off("x", listener);
      expect(emitter.listenerCount("x")).toBe(0);
      emitter.emit("x");
    });

    it("removes all listeners, of one event and of all", () => {
      const emitter = manager.bind(a, new EventEmitter());
      for (const event of ["x", "x", "y", "z"]) emitter.on(event, () => expect.unreachable());
      emitter.removeAllListeners("x");
      expect(emitter.eventNames()).toEqual(["y", "z"]);
      emitter.removeAllListeners();
      expect(emitter.eventNames()).toEqual([]);
    });

    it("stays with the first context when bound a second time", () => {
      const emitter = manager.bind(a, new EventEmitter());
      expect(manager.bind(b, emitter)).toBe(emitter);
      let seen: unknown;
      emitter.on("x", () => {
        seen = manager.active();
      });
      emitter.emit("x");
      expect(seen).toBe(a);
    });
  });
}
