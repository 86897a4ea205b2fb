import { formatWithOptions } from "node:util";
import { context as contextApi, diag, isSpanContextValid, trace } from "@opentelemetry/api";
import { optionNames } from "../src/option-names.ts";
import { resourcePerRecording } from "../src/otel/sdk/resource.ts";
import { wallNanos } from "../src/otel/wall-clock.ts";
import { getDataRecording } from "../src/recording/context/active-recording.ts";
import { recordingInternals } from "../src/recording/internals.ts";
import type { RecordingStream } from "../src/recording/recording-stream.ts";
import type { Resource, Scope } from "../src/telemetry/model.ts";
import { telemetryRecorder } from "../src/telemetry/recorder.ts";
import { BaseInstrumentation, type InstrumentationConfig } from "./instrumentation.ts";
import { Overrides } from "./override.ts";
import { installRedaction } from "./redact.ts";

export interface ConsoleInstrumentationConfig extends InstrumentationConfig {
  /** Attributes of the service. Default: from the `OTEL_*` variables; the service is named like the application id. */
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
}

const NAMES = optionNames<ConsoleInstrumentationConfig>({ enabled: true, resource: true });

type Print = (this: unknown, ...args: unknown[]) => void;

/** Severity numbers of OTel's logs data model. `assert`, `count`, `dir`, `group`, `table`, `timeEnd` print through these. */
const LEVELS = {
  trace: { severityNumber: 1, severityText: "TRACE" },
  debug: { severityNumber: 5, severityText: "DEBUG" },
  log: { severityNumber: 9, severityText: "INFO" },
  info: { severityNumber: 9, severityText: "INFO" },
  warn: { severityNumber: 13, severityText: "WARN" },
  error: { severityNumber: 17, severityText: "ERROR" },
} as const;
type Method = keyof typeof LEVELS;

const SCOPE: Scope = { name: "console" };

/** Characters of a line that are kept (I7): somebody prints whole responses. */
const MAX_LENGTH = 64 << 10;

/**
 * What the application prints with `console`, as log records tied to the span they were printed in. Printing itself goes on as
 * before, first, whatever becomes of the record (I1).
 */
export class ConsoleInstrumentation extends BaseInstrumentation<ConsoleInstrumentationConfig> {
  readonly #overrides = new Overrides();
  readonly #resourceOf: (recording: RecordingStream) => Resource;
  /** While one call is under way: `trace` prints through `error`, a getter that is formatted may print, and so may a diag logger. */
  #isBusy = false;

  constructor(config: ConsoleInstrumentationConfig = {}) {
    super("otel-rerun/console", config, NAMES);
    this.#resourceOf = resourcePerRecording(config?.resource?.attributes);
  }

  protected install(): void {
    installRedaction();
    const instrumentation = this;
    for (const method of Object.keys(LEVELS) as Method[]) {
      this.#overrides.add<Print>(console, method, (original, isOn) => {
        return function print(...args) {
          if (!isOn() || instrumentation.#isBusy) {
            Reflect.apply(original, this, args);
            return;
          }
          instrumentation.#isBusy = true;
          try {
            Reflect.apply(original, this, args);
            instrumentation.#record(method, args, print);
          } finally {
            instrumentation.#isBusy = false;
          }
        };
      });
    }
  }

  protected uninstall(): void {
    this.#overrides.restore();
  }

  /** @param printer the function that was called, for the stack of `trace`. */
  #record(method: Method, args: readonly unknown[], printer: Function): void {
    try {
      const recording = getDataRecording();
      if (recording === undefined || !recordingInternals(recording).isOpen) return;
      const span = trace.getSpan(contextApi.active())?.spanContext();
      telemetryRecorder(recording).log({
        time: wallNanos(),
        ...LEVELS[method],
        body: textOf(method, args, printer),
        ...(span !== undefined && isSpanContextValid(span) && { traceId: span.traceId, spanId: span.spanId }),
        attributes: {},
        scope: SCOPE,
        resource: this.#resourceOf(recording),
      });
    } catch (error) {
      diag.error("otel-rerun: could not record a console line", error);
    }
  }
}

/**
 * As Node prints it, without colours. Formatted a second time: what Node has made of it is coloured and indented, and a debugger and
 * whoever else wraps the console are to be given the arguments. What is not kept is not formatted.
 */
function textOf(method: Method, args: readonly unknown[], printer: Function): string {
  let text = formatWithOptions({ colors: false }, ...args.map(cut));
  if (method === "trace") {
    const place: { stack?: string } = {};
    Error.captureStackTrace(place, printer);
    text = `Trace${text === "" ? "" : `: ${text}`}\n${(place.stack ?? "").split("\n").slice(1).join("\n")}`;
  }
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}

/** One character more, which shows that something is missing. */
function cut(argument: unknown): unknown {
  return typeof argument === "string" && argument.length > MAX_LENGTH ? argument.slice(0, MAX_LENGTH + 1) : argument;
}
