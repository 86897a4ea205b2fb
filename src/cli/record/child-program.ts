import { spawn } from "node:child_process";
import { constants } from "node:os";
import { RerunError } from "../../errors.ts";

/** Those that somebody sends to a program to end it, or to tell it something. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

/** How a program ended. */
export interface ProgramEnd {
  /** 128 + n when signal n ended it, as shells say it. */
  readonly exitCode: number;
  /** The last one that was sent on to it. */
  readonly forwarded: NodeJS.Signals | undefined;
}

/**
 * Runs a program in our place: its input and output are ours, and signals go on to it.
 *
 * @throws RerunError ERR_RERUN_ARGUMENT if it cannot be started.
 */
export function runProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  // npm and others are scripts on Windows, which only a shell starts
  const child = spawn(command, args, { stdio: "inherit", env, shell: process.platform === "win32" });
  let forwarded: NodeJS.Signals | undefined;
  const listeners = FORWARDED.map((signal) => {
    const forward = (): void => {
      // Ctrl+C goes to every program of the terminal: a second one would be taken for impatience
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      forwarded = signal;
      child.kill(signal);
    };
    return { signal, forward };
  });
  for (const { signal, forward } of listeners) listen(signal, forward);
  return new Promise<ProgramEnd>((resolve, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "ENOENT"
          ? "it is not on the PATH; write it as it runs without us, like npx vitest or ./app"
          : cause.message;
      reject(new RerunError("ERR_RERUN_ARGUMENT", `${command} cannot be started: ${why}`, { cause }));
    });
    child.once("exit", (code, signal) => {
      const exitCode = code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
      resolve({ exitCode, forwarded });
    });
  }).finally(() => {
    for (const { signal, forward } of listeners) process.removeListener(signal, forward);
  });
}

function listen(signal: NodeJS.Signals, forward: () => void): void {
  try {
    process.on(signal, forward);
  } catch {
    // a signal that the system does not have
  }
}
