import { RerunError } from "../errors.ts";
import type { GrpcServerSpec } from "../sinks/sink.ts";
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
  if (command.type === "listen") return listen(command.server, writer);
  if (command.type !== "flush" && command.type !== "close") return run(command);
  const { recording, timeoutMillis } = command;
  const deadline = performance.now() + timeoutMillis;
  const flushed = run({ ...command, type: "flush" });
  const late = await within(timeoutMillis, writer.flushSinks(recording, timeoutMillis));
  const error = flushed.error ?? late;
  const result = command.type === "close" ? run(command) : flushed;
  // whoever is on the other side is told that this is the end
  if (command.type === "close") await within(Math.max(0, deadline - performance.now()), writer.stores.pool.settled());
  return error === undefined ? result : { ...result, error };
}

async function listen(spec: GrpcServerSpec, writer: Writer): Promise<CommandResult> {
  try {
    return { port: await writer.stores.pool.listen(spec) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** The error of `work`, or that it took too long. */
async function within(millis: number, work: Promise<void>): Promise<Error | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<Error>((resolve) => {
    if (millis > MAX_TIMEOUT_MILLIS) return;
    timer = setTimeout(() => {
      resolve(new RerunError("ERR_RERUN_FLUSH_TIMEOUT", `sinks did not deliver within ${millis} ms`));
    }, millis);
  });
  const done = work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const error = await Promise.race([done, timeout]);
  clearTimeout(timer);
  return error;
}
