import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { Rolldown } from "tsdown";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { openRrd } from "../../src/reader.ts";

const { plain } = inject("consumers");
const installed = join(plain, "node_modules/otel-rerun/dist");

/** The globals that a page has, and none of Node's. */
const PAGE =
  `AbortController BroadcastChannel Event EventTarget MessageChannel ReadableStream TextDecoder TextEncoder URL WebAssembly
  WritableStream atob btoa clearTimeout crypto performance queueMicrotask setTimeout structuredClone`.split(/\s+/);

describe("otel-rerun/browser, from the packed package", () => {
  let bundle: string;

  beforeAll(async () => {
    const built = await Rolldown.rolldown({
      input: "page.js",
      cwd: plain,
      platform: "browser",
      logLevel: "silent",
      plugins: [
        {
          name: "page",
          resolveId: (id) => (id === "page.js" ? join(plain, "page.js") : undefined),
          load: (id) => (id.endsWith("page.js") ? 'export * from "otel-rerun/browser";' : undefined),
        },
      ],
    });
    const { output } = await built.generate({ format: "iife", name: "rr", codeSplitting: false });
    await built.close();
    expect(output.flatMap((one) => (one.type === "chunk" ? one.imports : []))).toEqual([]);
    bundle = output[0].code;
  });

  /** Runs a program after the bundle, where there is nothing but what a page has. */
  function inPage(program: string, warnings: string[] = []): Promise<unknown> {
    const globals = Object.fromEntries(PAGE.map((name) => [name, (globalThis as Record<string, unknown>)[name]]));
    const console = { warn: (text: string) => warnings.push(text), error: (text: string) => warnings.push(text) };
    const page = createContext({ ...globals, console });
    return runInContext(`${bundle}\n;(async () => { ${program} })()`, page, { filename: "page.js" });
  }

  /** Values of a component, from bytes that came out of a page. */
  async function valuesIn(bytes: unknown, path: string, component: string): Promise<unknown[]> {
    const found: unknown[] = [];
    const reader = await openRrd(Uint8Array.from(bytes as Uint8Array));
    for await (const chunk of reader.chunks()) {
      if (chunk.entityPath !== path) continue;
      for (const column of chunk.components) {
        if (column.component !== component) continue;
        for (let row = 0; row < chunk.numRows; row++) found.push(column.get(row));
      }
    }
    return found;
  }

  it("imports nothing of Node, in any of its files", () => {
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const code = readFileSync(join(installed, name), "utf8");
      for (const [, from, later] of code.matchAll(/(?:^import [^;]*?from|^import) "([^"]+)"|import\("([^"]+)"\)/gm)) {
        const target = (from ?? later) as string;
        if (target.startsWith("./")) visit(target.slice(2));
        else expect(target, name).toBe("@opentelemetry/api");
      }
      expect(code.match(/\brequire\("[^"]+"\)/), name).toBeNull();
    };
    visit("browser.mjs");
    expect(seen.size).toBeGreaterThan(1);
    expect(readdirSync(installed)).toContain("browser.d.mts");
  });

  it("records in memory: rows, columns, times, properties, spans", async () => {
    const bytes = await inPage(`
      const rec = rr.init("page", { recordingId: "one" });
      const memory = rec.memoryRecording();
      for (let i = 0; i < 100; i++) { rr.setTime("frame", { sequence: i }); rr.log("a", new rr.Scalars(i)); }
      rec.sendColumns("b", { indexes: [rr.timeColumn("frame", { sequence: [1, 2, 3] })], columns: rr.Scalars.columns({ scalars: [7, 8, 9] }) });
      rr.span("work", (span) => { span.setAttribute("bytes", new Uint8Array([1, 2, 3])); rr.log("a", new rr.Scalars(100)); });
      await rec.flush();
      return memory.drainAsBytes();`);
    expect(await valuesIn(bytes, "/a", "Scalars:scalars")).toEqual(Array.from({ length: 101 }, (_, i) => [i]));
    expect(await valuesIn(bytes, "/b", "Scalars:scalars")).toEqual([[7], [8], [9]]);
    expect((await valuesIn(bytes, "/spans", "name")).flat()).toContain("work");
  });

  it("gives its bytes as a web stream, and to one; both are the whole (C20)", async () => {
    const [read, written] = (await inPage(`
      const join = (pieces) => { const all = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0)); let at = 0; for (const p of pieces) { all.set(p, at); at += p.length; } return all; };
      const first = new rr.RecordingStream("page");
      const stream = first.binaryStream().toReadableStream();
      const pieces = [];
      const reading = (async () => { for (const reader = stream.getReader();;) { const { done, value } = await reader.read(); if (done) return; pieces.push(value); } })();
      for (let i = 0; i < 50; i++) { first.log("a", new rr.Scalars(i)); if (i % 10 === 0) await first.flush(); }
      await first.shutdown({});
      await reading;
      const second = new rr.RecordingStream("page");
      const taken = [];
      let isClosed = false;
      second.toStream(new WritableStream({ write: (piece) => void taken.push(piece), close: () => { isClosed = true; } }));
      for (let i = 0; i < 50; i++) second.log("a", new rr.Scalars(i));
      await second.shutdown({});
      for (let i = 0; i < 100 && !isClosed; i++) await new Promise((resolve) => setTimeout(resolve, 20));
      if (!isClosed) throw new Error("the stream was not closed");
      return [join(pieces), join(taken)];`)) as unknown[];
    const numbers = Array.from({ length: 50 }, (_, i) => [i]);
    expect(await valuesIn(read, "/a", "Scalars:scalars")).toEqual(numbers);
    expect(await valuesIn(written, "/a", "Scalars:scalars")).toEqual(numbers);
  });

  it("a scope holds while its function runs, and is restored when it throws", async () => {
    const result = await inPage(`
      const [outer, inner] = [rr.init("outer"), new rr.RecordingStream("inner")];
      const seen = [];
      const look = () => seen.push(rr.getDataRecording() === inner ? "inner" : rr.getDataRecording() === outer ? "outer" : "none");
      try { inner.with(() => { look(); throw new Error("x"); }); } catch {}
      look();
      const scope = inner.activate(); look(); scope.dispose(); scope.dispose(); look();
      const bound = inner.bind(() => look()); bound(); look();
      return seen.join(" ");`);
    expect(result).toBe("inner outer inner outer inner outer");
  });

  it.each([
    ["save", 'rec.save("x.rrd")'],
    ["connectGrpc", "rec.connectGrpc()"],
    ["serveGrpc", "await rec.serveGrpc()"],
    ["stdout", "rec.stdout()"],
    ["spawn", "await rec.spawn()"],
    ["serveWebViewer", "await rec.serveWebViewer()"],
    ["share", "rec.share()"],
  ])("%s is refused with an error that says what to use", async (_, call) => {
    const message = await inPage(`
      const rec = new rr.RecordingStream("page");
      try { ${call}; } catch (error) { return (error instanceof rr.RerunError) + " " + error.code + " " + error.message; }
      return "nothing was thrown";`);
    expect(message).toMatch(/^true ERR_RERUN_SINK .*(binaryStream|thread)/);
  });

  it("a value that does not fit is a warning on the console, once, and not thrown (I1)", async () => {
    const warnings: string[] = [];
    await inPage(
      `const rec = rr.init("page"); rec.memoryRecording();
       for (let i = 0; i < 3; i++) rec.log("a", new rr.Points3D([["x"]])); await rec.flush();`,
      warnings,
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/Points3D.*positions/);
  });
});
