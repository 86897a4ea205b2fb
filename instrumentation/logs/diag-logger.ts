import { writeSync } from "node:fs";
import { format } from "node:util";
import { type DiagLogFunction, DiagLogLevel, diag } from "@opentelemetry/api";
import { warnOnce } from "../../src/recording/warnings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What OpenTelemetry's parts, and ours, say about themselves, on stderr: from the level in `OTEL_LOG_LEVEL` up. Without the variable
 * nothing is set, and an SDK that sets a logger of its own later replaces this one.
 */
export function diagFromEnvironment(environment: Environment): void {
  const name = environment.OTEL_LOG_LEVEL?.trim().toUpperCase();
  if (!name) return;
  const logLevel = (DiagLogLevel as unknown as Record<string, DiagLogLevel | undefined>)[name];
  if (typeof logLevel !== "number") {
    warnOnce(
      "environment OTEL_LOG_LEVEL",
      `OTEL_LOG_LEVEL=${name} is none of none, error, warn, info, debug, verbose, all; it is ignored`,
    );
    return;
  }
  if (logLevel === DiagLogLevel.NONE) return;
  const at =
    (level: string): DiagLogFunction =>
    (...message) => {
      try {
        writeSync(2, `${level}: ${format(...message)}\n`);
      } catch {
        // a closed stderr must not reach the caller (I1)
      }
    };
  const logger = { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug"), verbose: at("verbose") };
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}
