import { dirname } from "node:path";
import { diag } from "@opentelemetry/api";
import { foreignProvider } from "../src/otel/install.ts";
import { RecordingLoggerProvider } from "../src/otel/tracer/recording-logger-provider.ts";
import { environmentSwitch } from "../src/recording/process/environment.ts";
import { isApiUnused } from "./first-api-use.ts";
import { installedPackages } from "./installed-packages.ts";
import type { Instrumentation } from "./instrumentation.ts";
import { offerLogs } from "./logs/logs-api.ts";
import { installModuleHook } from "./module-hook.ts";
import { override } from "./override.ts";

type Started = Instrumentation & { setLoggerProvider?(provider: unknown): void };
type InstrumentationClass = { new (config?: object): Started; readonly prototype: object };

/** Log lines go on as they were: putting trace ids into them is for whoever asks for it. Read by those for pino, winston and bunyan. */
const CONFIG = { disableLogCorrelation: true };

export interface StartInstalledOptions {
  /** `process.argv[1]`; undefined for `node -e` and the prompt. */
  readonly script: string | undefined;
  readonly cwd: string;
  readonly resource: { readonly attributes: Readonly<Record<string, unknown>> };
}

/**
 * Starts the instrumentations that the application has installed (databases, queues, frameworks), so that their spans are parts of the
 * requests we record. `OTEL_RERUN_INSTRUMENTATIONS=off` leaves them alone.
 *
 * An application that has its own SDK running starts them itself; one that does so later takes each over from us, see `giveWay`.
 */
export function startInstalled({ script, cwd, resource }: StartInstalledOptions): readonly string[] {
  if (environmentSwitch("OTEL_RERUN_INSTRUMENTATIONS") === false) return [];
  if (!isApiUnused() && foreignProvider() !== undefined) return [];
  const packages = installedPackages(script === undefined ? cwd : dirname(script));
  const logs = new RecordingLoggerProvider({ resource });
  const started = packages.filter((installed) => {
    const { name, require } = installed;
    try {
      offerLogs(installed, logs);
      return classesIn(require(name)).map((Class) => start(Class, logs)).length > 0;
    } catch (error) {
      diag.error(`otel-rerun: could not start ${name}`, error);
      return false;
    }
  });
  if (started[0] !== undefined) installModuleHook(script, started[0]);
  return started.map(({ name }) => name);
}

function start(Class: InstrumentationClass, logs: RecordingLoggerProvider): void {
  const ours = new Class(CONFIG); // the constructor switches it on
  ours.setLoggerProvider?.(logs);
  giveWay(Class, ours);
}

/** The application's own instance of the same instrumentation is about to be switched on: both would patch the same client. */
function giveWay(Class: InstrumentationClass, ours: Started): void {
  override(Class.prototype, "enable", (original: (this: Started) => unknown) => {
    return function enable(this: Started) {
      if (this !== ours) ours.disable();
      return Reflect.apply(original, this, []);
    };
  });
}

function classesIn(exports: Record<string, unknown>): InstrumentationClass[] {
  return Object.entries(exports)
    .filter(([name, value]) => name.endsWith("Instrumentation") && typeof value === "function")
    .map(([, value]) => value as InstrumentationClass)
    .filter(({ prototype }) => prototype !== undefined && "enable" in prototype && "setTracerProvider" in prototype);
}
