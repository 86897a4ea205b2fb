import { checkedOptions } from "../option-names.ts";
import { normalizeApplicationId } from "../rrd/application-id.ts";
import { checkFunction } from "./checked-arguments.ts";
import { bindIterator, type IteratorLike, isIterator } from "./context/bound-target.ts";
import { type BoundScope, bindScope } from "./context/scope.ts";
import { INTERNALS } from "./internals.ts";
import { RECORDING_OPTIONS } from "./recording-option-names.ts";
import type { RecordingStreamOptions } from "./recording-options.ts";
import { RecordingStream } from "./recording-stream.ts";
import { isThenable } from "./span.ts";

export interface RecordedOptions
  extends Omit<RecordingStreamOptions, "recordingId" | "makeGlobal" | "makeThreadDefault"> {}

/**
 * A function that makes a recording of its own for each call, which is the active one inside it:
 *
 *   const job = rr.recorded("jobs", async (name) => {
 *     rr.save(`${name}.rrd`);
 *     rr.log("step", new rr.TextLog("begun"));
 *   });
 *
 * For functions, async functions, generators and async generators; of the latter two each step runs in the recording, and what
 * happens between the steps does not. The recording ends with the call: when it returns or throws, when its promise settles, when
 * the generator is done or closed. What is async waits until everything is written.
 *
 * @throws RerunError as `init`
 */
export function recorded<This, Args extends unknown[], Result>(
  applicationId: string,
  fn: (this: This, ...args: Args) => Result,
  options: RecordedOptions = {},
): (this: This, ...args: Args) => Result {
  normalizeApplicationId(applicationId);
  checkFunction("recorded", fn);
  options = checkedOptions("recorded", options, RECORDING_OPTIONS);
  const wrapped = function (this: This, ...args: Args): Result {
    const recording = new RecordingStream(applicationId, options);
    const scope = bindScope(recording);
    return untilEnd(recording, scope, () => fn.apply(this, args)) as Result;
  };
  return Object.defineProperty(wrapped, "length", { value: fn.length, configurable: true });
}

function untilEnd(recording: RecordingStream, scope: BoundScope, call: () => unknown): unknown {
  let result: unknown;
  try {
    result = scope.resume(call);
  } catch (error) {
    void end(recording);
    throw error;
  }
  if (isIterator(result)) return untilDone(recording, bindIterator(result, scope));
  if (isThenable(result)) return untilSettled(recording, result);
  void end(recording);
  return result;
}

async function untilSettled(recording: RecordingStream, promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise;
  } finally {
    await end(recording);
  }
}

function untilDone(recording: RecordingStream, iterator: IteratorLike): unknown {
  return Symbol.asyncIterator in iterator
    ? untilDoneAsync(recording, iterator as unknown as AsyncIterable<unknown>)
    : untilDoneSync(recording, iterator as unknown as Iterable<unknown>);
}

/** `yield*` hands on what the consumer sends, throws and returns. */
function* untilDoneSync(recording: RecordingStream, iterable: Iterable<unknown>): Generator<unknown> {
  try {
    return yield* iterable;
  } finally {
    void end(recording);
  }
}

async function* untilDoneAsync(
  recording: RecordingStream,
  iterable: AsyncIterable<unknown>,
): AsyncGenerator<unknown, unknown> {
  try {
    return yield* iterable;
  } finally {
    await end(recording);
  }
}

/** The call's own result or error counts; what a sink could not take is warned about. */
async function end(recording: RecordingStream): Promise<void> {
  try {
    await recording.shutdown({});
  } catch (error) {
    recording[INTERNALS].failures.warn(error);
  }
}
