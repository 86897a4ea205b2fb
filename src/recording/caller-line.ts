/**
 * Where user code called us: `file:line:column` of the first stack frame that is not ours.
 *
 * @param boundary the public function that was called. When an application was bundled with us into one file, no frame can be
 * told from ours by its file, and the caller of this function is taken.
 */
export function callerLine(boundary: Function): string | undefined {
  ownFolder ??= folderOf(frames(undefined, 1)[0]);
  const own = ownFolder;
  const foreign = own === undefined ? undefined : frames(callerLine, 50).find((frame) => !isOurs(frame, own));
  return foreign ?? frames(boundary, 1)[0];
}

/** OpenTelemetry's API only hands calls on, from user code to us (`ProxyTracer`) or to user code (`context.with`). */
function isOurs(frame: string, own: string): boolean {
  return frame.startsWith(own) || /[\\/]@opentelemetry[\\/]api[\\/]/.test(frame);
}

/** The `limit` frames that called `below`; without it, the frame of this very function comes first. */
function frames(below: Function | undefined, limit: number): string[] {
  const stack = stackText(below, limit);
  return typeof stack === "string" ? stack.split("\n").flatMap((line) => FRAME.exec(line)?.[1] ?? []) : [];
}

/** `Error.prepareStackTrace` is the application's: it may throw, or give something else than text. Error may be frozen. */
function stackText(below: Function | undefined, limit: number): unknown {
  const before = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = limit;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, below ?? stackText);
    return holder.stack;
  } catch {
    return undefined;
  } finally {
    Reflect.set(Error, "stackTraceLimit", before);
  }
}

/** `at fn (file:1:2)` or `at file:1:2`. Frames of Node itself (`node:internal`) are nobody's code. */
const FRAME = /^\s+at (?:.*\()?((?:(?:file|https?):\/\/|\/|[A-Za-z]:[\\/]).*:\d+:\d+)\)?$/;

let ownFolder: string | undefined;

/** The folder of this file: `dist` once built. In the sources it is a room, and the house is one further up. */
function folderOf(frame: string | undefined): string | undefined {
  return /^(.*[\\/])/.exec(frame ?? "")?.[1]?.replace(/recording[\\/]$/, "");
}
