import { diag } from "@opentelemetry/api";
import { checkedOptions, optionNames } from "../../src/option-names.ts";
import { RecordingLoggerProvider } from "../../src/otel/tracer/recording-logger-provider.ts";
import { installRedaction } from "../redact.ts";
import { severityOfName, severityOfPino } from "./log-levels.ts";

export interface PinoStreamOptions {
  /** Gets each line as well, unchanged: `pino.destination(1)`, `process.stdout`. Default: nobody. */
  readonly destination?: { write(line: string): unknown };
  /** As given to pino. Default `msg`. */
  readonly messageKey?: string;
  /** As given to pino. Default `err`. */
  readonly errorKey?: string;
  /** Attributes of the service. Default: from the `OTEL_*` variables; the service is named like the application id. */
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
}

const NAMES = optionNames<PinoStreamOptions>({ destination: true, messageKey: true, errorKey: true, resource: true });

export interface PinoStream {
  /** By this pino knows its only argument for a stream and not for its options: `pino(pinoStream())`. */
  readonly writable: true;
  write(line: string): void;
}

/** Of the process, which the resource names. */
const OF_PROCESS: ReadonlySet<string> = new Set(["pid", "hostname", "v"]);

/**
 * A destination for pino: each line is a row of the recording that is active where it was logged, tied to the span of that moment; its
 * fields are attributes. pino writes to it within the call, so use it as pino's stream or in `pino.multistream`, not in a transport,
 * which is another thread.
 *
 * A line that is no JSON is recorded as it is. Never throws (I1); what the destination throws is the destination's.
 */
export function pinoStream(options: PinoStreamOptions = {}): PinoStream {
  installRedaction();
  const { destination, messageKey = "msg", errorKey = "err", resource } = checkedOptions("pinoStream", options, NAMES);
  const logger = new RecordingLoggerProvider(resource === undefined ? {} : { resource }).getLogger("pino");
  return {
    writable: true,
    write(line) {
      try {
        logger.emit(readLine(line, messageKey, errorKey));
      } catch (error) {
        diag.error("otel-rerun: could not record a line of pino", error);
      }
      destination?.write(line);
    },
  };
}

function readLine(line: string, messageKey: string, errorKey: string) {
  const fields = parse(line);
  if (fields === undefined) return { body: line.trimEnd() };
  const attributes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === "level" || key === "time" || key === messageKey || OF_PROCESS.has(key)) continue;
    if (key === errorKey && isObject(value)) addException(attributes, value);
    else attributes[key] = value;
  }
  const { level, time } = fields;
  return {
    ...(typeof level === "number" ? severityOfPino(level) : typeof level === "string" ? severityOfName(level) : {}),
    ...(typeof time === "number" || typeof time === "string" ? { timestamp: dateOf(time) } : {}),
    body: fields[messageKey] ?? "",
    attributes,
  };
}

/** Milliseconds, or the text of `isoTime`; what cannot be read is now. */
function dateOf(time: number | string): Date | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Names of OpenTelemetry's conventions, which the layout shows as errors; what else the error carries stays an attribute. */
export function addException(attributes: Record<string, unknown>, error: Readonly<Record<string, unknown>>): void {
  const { type, name, message, stack, ...rest } = error;
  if (type !== undefined || name !== undefined) attributes["exception.type"] = type ?? name;
  if (message !== undefined) attributes["exception.message"] = message;
  if (stack !== undefined) attributes["exception.stacktrace"] = stack;
  for (const [key, value] of Object.entries(rest)) attributes[`exception.${key}`] = value;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const fields: unknown = JSON.parse(line);
    return isObject(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
