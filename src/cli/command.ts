/** One verb of the command line. */
export interface Command {
  readonly name: string;
  /** What follows the verb, e.g. `FILE…`. */
  readonly usage: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** Options and an example, for `--help`. */
  readonly help: string;
  /** Runs the verb; the result is the exit code. @param args what follows the verb */
  run(args: readonly string[]): Promise<number>;
}
