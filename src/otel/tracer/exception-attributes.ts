import type { Attributes, Exception } from "@opentelemetry/api";

/**
 * `exception.type`, `.message` and `.stacktrace` (semantic conventions, "Exceptions"); `undefined` when there is neither a type nor
 * a message. A `code`, where the error has one, says more than the name of its class.
 */
export function exceptionAttributes(exception: Exception): Attributes | undefined {
  try {
    return readException(exception);
  } catch {
    // a getter of the application's, or a code that is no text
    return { "exception.type": "unreadable" };
  }
}

function readException(exception: Exception): Attributes | undefined {
  if (typeof exception === "string") return exception === "" ? undefined : { "exception.message": exception };
  if (typeof exception !== "object" || exception === null) return undefined;
  const { code, name, message, stack } = exception;
  const type = code ? String(code) : name;
  if (!type && !message) return undefined;
  return {
    ...(type ? { "exception.type": type } : undefined),
    ...(message ? { "exception.message": message } : undefined),
    ...(stack ? { "exception.stacktrace": stack } : undefined),
  };
}
