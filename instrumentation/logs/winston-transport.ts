import { Writable } from "node:stream";
import { type Context, context as contextApi, diag } from "@opentelemetry/api";
import { checkedOptions, optionNames } from "../../src/option-names.ts";
import { RecordingLoggerProvider } from "../../src/otel/tracer/recording-logger-provider.ts";
import { override, type Restore } from "../override.ts";
import { installRedaction } from "../redact.ts";
import { severityOfName } from "./log-levels.ts";
import { addException } from "./pino-stream.ts";

export interface WinstonTransportOptions {
  /** The least important level that is recorded. Default: the logger's. */
  readonly level?: string;
  /** Attributes of the service. Default: from the `OTEL_*` variables; the service is named like the application id. */
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
}

const NAMES = optionNames<WinstonTransportOptions>({ level: true, resource: true });

/** What winston takes as a transport. */
export interface WinstonTransport extends Writable {
  readonly level?: string;
  log(info: WinstonInfo, next: () => void): void;
}

export interface WinstonInfo {
  readonly level: string;
  readonly message: unknown;
  readonly [key: string]: unknown;
  readonly [LEVEL]?: string;
}

interface WinstonLogger {
  readonly level?: string;
  /** Lower is more important. */
  readonly levels?: Readonly<Record<string, number>>;
}

/** winston's own key (its package `triple-beam`): the level without colours. */
const LEVEL: unique symbol = Symbol.for("level");

/** The context in which a line entered its logger. */
const contexts = new WeakMap<object, Context>();

type Write = (this: unknown, info: unknown, ...rest: unknown[]) => boolean;

/**
 * A transport for winston 3: each line is a row of the recording that is active where it was logged, tied to the span of that moment;
 * its fields are attributes. `new winston.Logger({ transports: [winstonTransport()] })`, or `logger.add`.
 *
 * winston's streams hold lines back while another transport is slow, so the context is noted when the line enters the logger.
 */
export function winstonTransport(options: WinstonTransportOptions = {}): WinstonTransport {
  installRedaction();
  const { level, resource } = checkedOptions("winstonTransport", options, NAMES);
  const logger = new RecordingLoggerProvider(resource === undefined ? {} : { resource }).getLogger("winston");
  const restores = new WeakMap<object, Restore>();

  const log = (info: WinstonInfo, next: () => void): void => {
    try {
      logger.emit({ ...readInfo(info), context: contexts.get(info) ?? contextApi.active() });
    } catch (error) {
      diag.error("otel-rerun: could not record a line of winston", error);
    }
    next();
  };
  let parent: WinstonLogger = {};
  const transport = new Writable({
    objectMode: true,
    write(info: WinstonInfo, _encoding, next) {
      // winston leaves it to the transport to look at the level
      const least = parent.levels?.[level ?? parent.level ?? ""];
      const own = parent.levels?.[info[LEVEL] ?? info.level];
      if (least !== undefined && own !== undefined && own > least) next();
      else log(info, next);
    },
  });
  transport.on("pipe", (source: object) => {
    parent = source;
    const restore = override<Write>(source, "write", (original, isOn) => {
      return function write(info, ...rest) {
        if (isOn() && typeof info === "object" && info !== null) contexts.set(info, contextApi.active());
        return Reflect.apply(original, this, [info, ...rest]);
      };
    });
    if (restore !== undefined) restores.set(source, restore);
  });
  transport.on("unpipe", (source: object) => restores.get(source)?.());
  return Object.assign(transport, { log, ...(level === undefined ? undefined : { level }) });
}

function readInfo(info: WinstonInfo) {
  const { level, message, timestamp, stack, ...fields } = info;
  const attributes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Error)
      addException(attributes, { ...value, name: value.name, message: value.message, stack: value.stack });
    else attributes[key] = value;
  }
  if (typeof stack === "string") attributes["exception.stacktrace"] = stack;
  if (timestamp !== undefined) attributes.timestamp = timestamp;
  return { ...severityOfName(info[LEVEL] ?? level), body: message, attributes };
}
