import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import { optionNames, wrongOptions } from "../src/option-names.ts";
import { warnOnce } from "../src/recording/warnings.ts";
import { VERSION } from "../src/version.ts";

/**
 * What OpenTelemetry's `registerInstrumentations` and `NodeSDK` expect of an instrumentation, by shape: the interface lives in a
 * package that is not ours to install.
 */
export interface Instrumentation<Config extends InstrumentationConfig = InstrumentationConfig> {
  readonly instrumentationName: string;
  readonly instrumentationVersion: string;
  enable(): void;
  disable(): void;
  setTracerProvider(provider: TracerProvider): void;
  setMeterProvider(provider: MeterProvider): void;
  setConfig(config: Config): void;
  getConfig(): Config;
}

export interface InstrumentationConfig {
  /** As told by `getConfig`: whether it is on now. */
  readonly enabled?: boolean;
}

/** The names that all configurations have. */
export const INSTRUMENTATION_CONFIG = optionNames<InstrumentationConfig>({ enabled: true });

/**
 * The part that all instrumentations share. Constructing one does nothing; it is switched on by `enable`, which is what
 * `registerInstrumentations` does with an instrumentation whose `getConfig().enabled` is false.
 *
 * Enabling twice is enabling once, and `disable` takes every patch, timer and subscription away again.
 */
export abstract class BaseInstrumentation<Config extends InstrumentationConfig = InstrumentationConfig>
  implements Instrumentation<Config>
{
  readonly instrumentationName: string;
  readonly instrumentationVersion = VERSION;
  readonly #configNames: readonly string[];
  #config: Config;
  #tracerProvider: TracerProvider | undefined;
  #isEnabled = false;

  /** @param configNames what there is to configure; of anything else the application is warned. */
  constructor(name: string, config: Config, configNames: readonly string[]) {
    this.instrumentationName = name;
    this.#configNames = configNames;
    this.#config = this.#checked(config);
  }

  enable(): void {
    if (this.#isEnabled) return;
    this.#isEnabled = true;
    this.install();
  }

  disable(): void {
    if (!this.#isEnabled) return;
    this.#isEnabled = false;
    this.uninstall();
  }

  /** Spans are made through this provider. Default: the one registered with OpenTelemetry's API, else ours. */
  setTracerProvider(provider: TracerProvider): void {
    this.#tracerProvider = provider;
  }

  /** There for the interface; metrics go straight into the recording. */
  setMeterProvider(_provider: MeterProvider): void {}

  setConfig(config: Config): void {
    this.#config = this.#checked(config);
  }

  getConfig(): Config {
    return { ...this.#config, enabled: this.#isEnabled };
  }

  protected get config(): Config {
    return this.#config;
  }

  protected get tracerProvider(): TracerProvider | undefined {
    return this.#tracerProvider;
  }

  /** An application that comes from another instrumentation of the same has that one's options; it runs all the same (I1). */
  #checked(config: Config): Config {
    const wrong = wrongOptions(this.instrumentationName, config, this.#configNames);
    if (wrong !== undefined) warnOnce(wrong.message, wrong.message);
    return typeof config === "object" && config !== null ? config : ({} as Config);
  }

  protected abstract install(): void;
  protected abstract uninstall(): void;
}
