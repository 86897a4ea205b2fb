import { TextLog } from "../archetypes/generated/text-log.ts";
import type { AsComponents } from "../rrd/component-batch.ts";
import { callerLine } from "./caller-line.ts";
import { processState } from "./process/process-state.ts";
import type { LogOptions } from "./recording-options.ts";
import { isStrict } from "./strict.ts";
import { warnOnce } from "./warnings.ts";

/** Where a recording keeps the warnings about itself. */
const WARNINGS_PATH = "/__warnings";

/** Of one line: what is wrong with it may be said with data in it (a path, a number), which has no end (I7). */
const MAX_WARNINGS_OF_LINE = 10;

/**
 * What becomes of a logging call that cannot do what it was asked to (C14, I1): in strict mode it throws; otherwise there is one
 * warning per mistake and line of user code, which names that line, and a row with the stack in the recording. A line may be a helper
 * that everything is logged by, so the same line is warned about again for another reason.
 */
export class Failures {
  readonly #strictOfStream: boolean | undefined;
  readonly #boundary: Function;
  readonly #log: (entityPath: string, components: AsComponents) => void;
  /** Options of the call that is under way. */
  call: LogOptions | undefined;
  /** The line that began what is under way, where that is not on the stack any more. */
  line: string | undefined;
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
    if (isStrict(this.call?.strict, this.#strictOfStream)) throw error;
    this.warn(error);
  }

  /** The same for a call that was under way while others were: it has its own strictness, and was made in a line of long ago. */
  reportAs(strictOfCall: boolean | undefined, error: unknown, line: string | undefined): void {
    if (isStrict(strictOfCall, this.#strictOfStream)) throw error;
    this.warn(error, line);
  }

  /** Where user code called us, for what goes on when that is not on the stack any more. */
  callerLine(): string | undefined {
    return callerLine(this.#boundary);
  }

  /** The same for what is odd but was done, so it does not throw in strict mode either. */
  warn(error: unknown, line: string = this.line ?? this.callerLine() ?? "unknown line"): void {
    // what the warning's own row brings up would come back here for ever
    if (this.#isReporting) return;
    const text = error instanceof Error ? error.message : String(error);
    if (!warnOfLine(line, text)) return;
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

/** Says whether the warning was given now. */
export function warnOfLine(line: string, text: string): boolean {
  const { warned } = processState();
  const key = `${line} ${text}`;
  if (warned.has(key)) return false;
  for (let ordinal = 1; ordinal <= MAX_WARNINGS_OF_LINE; ordinal++) {
    const place = `${line} #${ordinal}`;
    if (warned.has(place)) continue;
    warned.add(place);
    const isLast = ordinal === MAX_WARNINGS_OF_LINE;
    return warnOnce(key, `${text} (at ${line}${isLast ? "; there are no more warnings of this line" : ""})`);
  }
  return false;
}
