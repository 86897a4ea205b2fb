import { afterEach, beforeEach, vi } from "vitest";
import { runCommand } from "../../../src/cli/run-command.ts";

/** What a command printed. */
export interface Printed {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs commands in this process, with what they print kept. To be called at the top of a test file. */
export function commandLine(): (...args: string[]) => Promise<Printed> {
  let out = "";
  let err = "";
  beforeEach(() => {
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += text;
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += text;
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return async (...args) => {
    out = "";
    err = "";
    const exitCode = await runCommand(args);
    return { exitCode, out, err };
  };
}
