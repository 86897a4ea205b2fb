import { type Tracer, trace } from "@opentelemetry/api";
import { optionNames } from "../src/option-names.ts";
import { ensureTracing } from "../src/otel/install.ts";
import { installFetchClient } from "./http/fetch-client.ts";
import { installHttpClient } from "./http/http-client.ts";
import { installHttpServer } from "./http/http-server.ts";
import { installMessageContext } from "./http/message-context.ts";
import { type RecordedHeaders, setRecordedHeaders } from "./http/recorded-headers.ts";
import { BaseInstrumentation, type InstrumentationConfig } from "./instrumentation.ts";
import { Overrides } from "./override.ts";
import { installRedaction } from "./redact.ts";
import { type RecordPer, type RecordPerOptions, recordPer } from "./run/record-per.ts";

export interface HttpInstrumentationConfig extends InstrumentationConfig {
  /** Spans of requests that servers answer. Default true. */
  readonly incoming?: boolean;
  /** Spans of requests sent by `http`, `https`, `fetch` and undici, and trace context in their headers. Default true. */
  readonly outgoing?: boolean;
  /**
   * Names of headers of incoming requests and their responses that are recorded, as `http.request.header.<name>`. Those that hold
   * secrets are redacted all the same. Default: those in `OTEL_RERUN_RECORD_HEADERS`, else none.
   */
  readonly recordHeaders?: RecordedHeaders;
  /** The same for outgoing requests and their responses. Default: those in `OTEL_RERUN_RECORD_CLIENT_HEADERS`, else none. */
  readonly recordClientHeaders?: RecordedHeaders;
  /** What one recording holds. Default: the process, or as `OTEL_RERUN_RECORD_PER` says under `register`. */
  readonly recordPer?: RecordPer;
  /** Which recordings stay, where each request, trace or key has its own. Default "all". */
  readonly keep?: RecordPerOptions["keep"];
}

const NAMES = optionNames<HttpInstrumentationConfig>({
  enabled: true,
  incoming: true,
  outgoing: true,
  recordHeaders: true,
  recordClientHeaders: true,
  recordPer: true,
  keep: true,
});

/**
 * Spans of HTTP requests, incoming and outgoing, for CommonJS and ES modules alike: prototypes and diagnostics channels are reached
 * at run time, no module is hooked. Where OpenTelemetry's own HTTP instrumentation is active, this one stands back.
 */
export class HttpInstrumentation extends BaseInstrumentation<HttpInstrumentationConfig> {
  readonly #overrides = new Overrides();
  #tracer: Tracer | undefined;

  constructor(config: HttpInstrumentationConfig = {}) {
    super("otel-rerun/http", config, NAMES);
  }

  protected install(): void {
    installRedaction();
    const { recordPer: per, keep } = this.config;
    if (per !== undefined) {
      const recordings = recordPer(per, keep === undefined ? {} : { keep });
      this.#overrides.defer(() => recordings[Symbol.dispose]());
    }
    const tracer = () => this.#tracer ?? this.#firstTracer();
    const { recordHeaders, recordClientHeaders } = this.config;
    if (recordHeaders !== undefined) setRecordedHeaders("server", recordHeaders);
    if (recordClientHeaders !== undefined) setRecordedHeaders("client", recordClientHeaders);
    installMessageContext(this.#overrides);
    if (this.config.incoming !== false) installHttpServer(this.#overrides, tracer);
    if (this.config.outgoing !== false) {
      installHttpClient(this.#overrides, tracer);
      installFetchClient(this.#overrides, tracer);
    }
  }

  protected uninstall(): void {
    this.#overrides.restore();
    this.#tracer = undefined;
  }

  /** At the first request, not at load: what the application registers until then comes first. */
  #firstTracer(): Tracer {
    if (this.tracerProvider === undefined) ensureTracing();
    const provider = this.tracerProvider ?? trace;
    this.#tracer = provider.getTracer(this.instrumentationName, this.instrumentationVersion);
    return this.#tracer;
  }
}
