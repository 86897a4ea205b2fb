import { RerunError } from "../errors.ts";
import type { Command, CommandResult } from "./transport.ts";
import type { Writer } from "./writer.ts";

/** `setTimeout` cannot wait longer. */
export const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1;

/**
 * Runs a command and waits for the sinks that deliver in the background, within the command's own deadline.
 *
 * @param run runs a command of the writer as far as it goes at once.
 */
export async function runAndWait(
  command: Command,
  writer: Writer,
  run: (command: Command) => CommandResult,
): Promise<CommandResult> {
  if (command.type !== "flush" && command.type !== "close") return run(command);
  const { recording, timeoutMillis } = command;
  const flushed = run({ ...command, type: "flush" });
  const late = await flushSinks(writer, recording, timeoutMillis);
  const error = flushed.error ?? late;
  const result = command.type === "close" ? run(command) : flushed;
  return error === undefined ? result : { ...result, error };
}

async function flushSinks(
  writer: Writer,
  recording: number | undefined,
  timeoutMillis: number,
): Promise<Error | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<Error>((resolve) => {
    if (timeoutMillis > MAX_TIMEOUT_MILLIS) return;
    timer = setTimeout(() => {
      resolve(new RerunError("ERR_RERUN_FLUSH_TIMEOUT", `sinks did not deliver within ${timeoutMillis} ms`));
    }, timeoutMillis);
  });
  const flushed = writer.flushSinks(recording, timeoutMillis).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const error = await Promise.race([flushed, timeout]);
  clearTimeout(timer);
  return error;
}
