import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { RerunError } from "../../errors.ts";

/** Without a screen and a graphics card, and with no request of its own. */
const ARGUMENTS = [
  "--headless=new",
  "--remote-debugging-pipe",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/** An answer that takes longer does not come. Drawing by software holds a page for seconds. */
const ANSWER_MILLIS = 60_000;

/** A message of DevTools: a command's answer has its number, an event has none. */
interface Message {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

interface Question {
  resolve(result: Record<string, unknown>): void;
  reject(error: Error): void;
}

/**
 * A browser that is told what to do by the DevTools protocol, over pipes: no port is opened.
 *
 *   we ── fd 3 ── JSON, NUL ──▶ browser
 *      ◀─ fd 4 ── JSON, NUL ──
 */
export class HeadlessBrowser {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #questions = new Map<number, Question>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #error: Error | undefined;

  /** @param program its path. A profile of its own is made, and removed at the end. */
  constructor(program: string) {
    this.#profile = mkdtempSync(join(tmpdir(), "otel-rerun-browser-"));
    const args = [...ARGUMENTS, `--user-data-dir=${this.#profile}`];
    // its sandbox does not work for root, as in most containers
    if (process.getuid?.() === 0) args.push("--no-sandbox");
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
    this.#child = child;
    let told = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      told = (told + text).slice(-2000);
    });
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#fail(`${program} cannot be started: ${error.message}`, error);
        resolve();
      });
      child.once("close", (code, signal) => {
        const last = told.trim().split("\n").at(-1) ?? "";
        this.#fail(`${program} ended with ${code ?? signal}${last === "" ? "" : `: ${last}`}`);
        resolve();
      });
    });
    this.#listen(child.stdio[4] as Readable);
    (child.stdio[3] as Writable).on("error", () => {});
  }

  /** @throws RerunError ERR_RERUN_MISSING_PEER if the browser refuses it, does not answer, or ends. */
  ask(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) return reject(this.#error);
      const id = ++this.#lastId;
      const timer = setTimeout(() => this.#fail(`the browser does not answer to ${method}`), ANSWER_MILLIS);
      this.#questions.set(id, {
        resolve: (result) => resolve(settled(result)),
        reject: (error) => reject(settled(error)),
      });
      function settled<T>(value: T): T {
        clearTimeout(timer);
        return value;
      }
      const message = { id, method, params, ...(sessionId !== undefined && { sessionId }) };
      (this.#child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    });
  }

  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    // what it has started ends a little later
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
  }

  #listen(pipe: Readable): void {
    let pieces: Buffer[] = [];
    pipe.on("error", () => {});
    pipe.on("data", (bytes: Buffer) => {
      for (let from = 0; ; ) {
        const end = bytes.indexOf(0, from);
        pieces.push(end < 0 ? bytes.subarray(from) : bytes.subarray(from, end));
        if (end < 0) return;
        this.#take(JSON.parse(Buffer.concat(pieces).toString()) as Message);
        pieces = [];
        from = end + 1;
      }
    });
  }

  #take({ id, result, error }: Message): void {
    const question = id === undefined ? undefined : this.#questions.get(id);
    if (id === undefined || question === undefined) return;
    this.#questions.delete(id);
    if (error === undefined) question.resolve(result ?? {});
    else question.reject(refused(`the browser refuses: ${error.message}`));
  }

  #fail(why: string, cause?: unknown): void {
    this.#error ??= refused(why, cause);
    for (const { reject } of this.#questions.values()) reject(this.#error);
    this.#questions.clear();
  }
}

function refused(why: string, cause?: unknown): RerunError {
  const advice = "set CHROMIUM to the path of another Chromium, Chrome or Edge";
  return new RerunError("ERR_RERUN_MISSING_PEER", `${why}; ${advice}`, { cause });
}
