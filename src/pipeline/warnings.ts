/** Different warnings that are given; a program that makes more has been told enough. */
const MAX_WARNINGS = 100;

/** What went wrong in the writer, each said once (I1: nothing throws out of it). */
export class Warnings {
  readonly #tell: (message: string) => void;
  readonly #told = new Set<string>();

  constructor(tell: (message: string) => void) {
    this.#tell = tell;
  }

  add(message: string): void {
    if (this.#told.has(message) || this.#told.size >= MAX_WARNINGS) return;
    this.#told.add(message);
    this.#tell(message);
  }

  /** `what` says what happened, the error why. */
  addError(what: string, error: unknown): void {
    this.add(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** What `body` throws is a warning; `what` names it. */
  guard(what: string, body: () => void): void {
    try {
      body();
    } catch (error) {
      this.addError(`${what} failed`, error);
    }
  }
}
