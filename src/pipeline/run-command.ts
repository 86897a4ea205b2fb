import { RerunError } from "../errors.ts";
import { now as monotonicNow } from "../real-time.ts";
import type { GrpcServerSpec } from "../sinks/sink.ts";
import type { SinkDelivery } from "../sinks/sink-delivery.ts";
import { within } from "../sinks/within.ts";
import type { Command, CommandResult } from "./command.ts";
import type { Writer } from "./writer.ts";

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
  const deadline = monotonicNow() + timeoutMillis;
  const flushed = run({ ...command, type: "flush" });
  const deliveries = await writer.flushSinks(recording, timeoutMillis);
  const error = flushed.error ?? undelivered(deliveries, timeoutMillis);
  const left = (): number => Math.max(0, deadline - monotonicNow());
  const result = command.type === "close" ? run({ ...command, timeoutMillis: left() }) : flushed;
  // whoever is on the other side is told that this is the end
  if (command.type === "close") await within(left(), writer.stores.pool.settled());
  return error === undefined ? { ...result, deliveries } : { ...result, deliveries, error };
}

async function listen(spec: GrpcServerSpec, writer: Writer): Promise<CommandResult> {
  try {
    return { port: await writer.stores.pool.listen(spec) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** The first error; without one, who has not delivered in time. */
function undelivered(deliveries: readonly SinkDelivery[], millis: number): Error | undefined {
  const failed = deliveries.find(({ status }) => status === "failed");
  if (failed !== undefined) return failed.error;
  const late = deliveries.filter(({ status }) => status === "late").map(({ sink }) => sink);
  if (late.length === 0) return undefined;
  return new RerunError(
    "ERR_RERUN_FLUSH_TIMEOUT",
    `not delivered within ${millis} ms, and still under way: ${late.join(", ")}`,
  );
}
