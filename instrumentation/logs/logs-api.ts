import { createRequire } from "node:module";
import type { EmittedLogRecord, RecordingLoggerProvider } from "../../src/otel/tracer/recording-logger-provider.ts";
import type { InstalledPackage } from "../installed-packages.ts";
import { override } from "../override.ts";

/** Where every copy of the logs API looks for the provider that was registered. */
const REGISTRY = Symbol.for("io.opentelemetry.js.api.logs");
const LOGS_API = "@opentelemetry/api-logs";
/** What packages that send lines to the logs API load for it, and may have a copy of its own below. */
const BETWEEN = ["@opentelemetry/instrumentation", "@opentelemetry/winston-transport"];

interface Logger {
  emit(record: EmittedLogRecord): void;
  enabled?(...options: unknown[]): boolean;
}
type GetLogger = (this: unknown, name: string, version?: string, options?: unknown) => Logger;

/**
 * Loggers that a package asks the logs API for are ours, as long as the application has registered no provider there: those for pino and
 * winston do not use the one that `setLoggerProvider` gives them. Nothing is registered, since the API refuses a second provider, and
 * the application's comes after ours.
 */
export function offerLogs({ name, require }: InstalledPackage, provider: RecordingLoggerProvider): void {
  for (const api of copiesOf(createRequire(require.resolve(name)))) {
    override<GetLogger>(api, "getLogger", (original) => {
      return function getLogger(...args) {
        const ours: Logger = provider.getLogger(args[0], args[1]);
        let theirs: Logger | undefined;
        const logger = (): Logger => {
          if (!(REGISTRY in globalThis)) return ours;
          theirs ??= Reflect.apply(original, this, args) as Logger;
          return theirs;
        };
        return {
          emit: (record) => logger().emit(record),
          enabled: (...options) => logger().enabled?.(...options) ?? true,
        };
      };
    });
  }
}

function copiesOf(require: NodeJS.Require): Set<object> {
  const copies = new Set<object>();
  const add = (from: NodeJS.Require): void => {
    const { logs } = from(LOGS_API) as { logs?: object };
    if (logs !== undefined) copies.add(logs);
  };
  for (const find of [() => require, ...BETWEEN.map((name) => () => createRequire(require.resolve(name)))]) {
    try {
      add(find());
    } catch {
      // most packages send no lines
    }
  }
  return copies;
}
