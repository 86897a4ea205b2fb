import { TextLog } from "../archetypes/generated/text-log.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { callerLine } from "./caller-line.ts";
import { isStrict } from "./strict.ts";
import { warnOnce } from "./warnings.ts";

/** Where a recording keeps the warnings about itself. */
const WARNINGS_PATH = "/__warnings";

/**
 * What becomes of a logging call that cannot do what it was asked to (C14, I1): in strict mode it throws; otherwise there is one
 * warning per line of user code, which names that line, and a row with the stack in the recording.
 */
export class Failures {
  readonly #strictOfStream: boolean | undefined;
  readonly #boundary: Function;
  readonly #log: (entityPath: string, components: AsComponents) => void;
  /** `strict` of the call that is under way. */
  strictOfCall: boolean | undefined;
  #isReporting = false;

  /**
   * @param boundary a public function; its caller is the line to name when no frame can be told from ours.
   * @param log writes a row of the recording.
   */
  constructor(
    strictOfStream: boolean | undefined,
    boundary: Function,
    log: (entityPath: string, components: AsComponents) => void,
  ) {
    this.#strictOfStream = strictOfStream;
    this.#boundary = boundary;
    this.#log = log;
  }

  /** @throws `error` in strict mode. */
  report(error: unknown): void {
    if (isStrict(this.strictOfCall, this.#strictOfStream)) throw error;
    this.warn(error);
  }

  /** The same for a call that was under way while others were: it has its own strictness. */
  reportAs(strictOfCall: boolean | undefined, error: unknown): void {
    if (isStrict(strictOfCall, this.#strictOfStream)) throw error;
    this.warn(error);
  }

  /** The same for what is odd but was done, so it does not throw in strict mode either. */
  warn(error: unknown): void {
    // what the warning's own row brings up would come back here for ever
    if (this.#isReporting) return;
    const line = callerLine(this.#boundary) ?? "unknown line";
    const text = error instanceof Error ? error.message : String(error);
    const code = (error as { code?: unknown } | null)?.code ?? "";
    if (!warnOnce(`${line} ${String(code)}`, `${text} (at ${line})`)) return;
    this.#isReporting = true;
    try {
      const stack = error instanceof Error ? (error.stack ?? text) : text;
      this.#log(WARNINGS_PATH, new TextLog(`${stack}\ncalled at ${line}`, { level: "WARN" }));
    } catch {
      // the warning itself was given; a recording that cannot take it has nothing to add
    } finally {
      this.#isReporting = false;
    }
  }
}
