import { RerunError } from "../../errors.ts";
import { MAX_TIMEOUT_MILLIS } from "../../sinks/within.ts";
import type { Command, CommandResult } from "../command.ts";

/** The writer keeps the deadline itself; this is for one that cannot. */
const GRACE_MILLIS = 50;

/** How long somebody waits for a command without a deadline: where nothing else can go on meanwhile, and where all else does. */
const QUESTION_MILLIS = 1000;
const PATIENT_MILLIS = 30_000;

export interface AskedCommand {
  readonly command: Command;
  readonly settle: (result: CommandResult) => void;
}

/** Commands that somebody waits for, by the number that the writer answers with. */
export class AskedCommands {
  readonly #asked = new Map<number, AskedCommand>();
  readonly #onIdle: () => void;
  #next = 1;

  /** @param onIdle nobody waits any more. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  add(command: Command, settle: (result: CommandResult) => void): number {
    const no = this.#next++;
    this.#asked.set(no, { command, settle });
    return no;
  }

  /** Answered late when the deadline of the command has passed. */
  addWithDeadline(command: Command, settle: (result: CommandResult) => void): number {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const no = this.add(command, (result) => {
      clearTimeout(timer);
      settle(result);
    });
    const millis = patienceOf(command, PATIENT_MILLIS);
    if (millis <= MAX_TIMEOUT_MILLIS - GRACE_MILLIS) {
      timer = setTimeout(() => this.settle(no, lateResult(command, millis)), millis + GRACE_MILLIS);
    }
    return no;
  }

  settle(no: number, result: CommandResult): void {
    this.take(no)?.settle(result);
  }

  /** Somebody else answers it, or nobody waits any more. */
  take(no: number): AskedCommand | undefined {
    const asked = this.#asked.get(no);
    if (this.#asked.delete(no) && this.#asked.size === 0) this.#onIdle();
    return asked;
  }

  /** Those that are not answered yet, by their numbers. */
  open(): readonly (readonly [number, Command])[] {
    return [...this.#asked].map(([no, { command }]) => [no, command]);
  }
}

/** How long somebody waits for it, at most. */
export function patienceOf(command: Command, otherwise = QUESTION_MILLIS): number {
  return "timeoutMillis" in command ? command.timeoutMillis : otherwise;
}

export function lateResult(command: Command, millis: number): CommandResult {
  return {
    error: new RerunError(
      "ERR_RERUN_FLUSH_TIMEOUT",
      `the writer did not answer "${command.type}" within ${millis} ms; allow more time, or look at what holds it up`,
    ),
  };
}
