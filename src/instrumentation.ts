/** `otel-rerun/instrumentation`: the parts of `otel-rerun/register`, for programs that put them together themselves. */

import { installOtel } from "./otel/install.ts";
import { installWriter } from "./writer-entry.ts";

// As with the main entry: two hooks are filled, nothing is patched before `enable`.
installWriter();
installOtel();

// For applications.

export { ConsoleInstrumentation, type ConsoleInstrumentationConfig } from "../instrumentation/console.ts";
export { ExpressInstrumentation } from "../instrumentation/express.ts";
export { HttpInstrumentation, type HttpInstrumentationConfig } from "../instrumentation/http.ts";
export { type PinoStream, type PinoStreamOptions, pinoStream } from "../instrumentation/logs/pino-stream.ts";
export {
  type WinstonTransport,
  type WinstonTransportOptions,
  winstonTransport,
} from "../instrumentation/logs/winston-transport.ts";
export { configureRedaction, type RedactionOptions } from "../instrumentation/redaction-options.ts";
export { type RecordPer, type RecordPerOptions, recordPer } from "../instrumentation/run/record-per.ts";
export { RuntimeMetrics, type RuntimeMetricsConfig } from "../instrumentation/runtime-metrics.ts";
export type { KeepRule, RecordingEnd } from "./otel/recordings/keep-rules.ts";

// For other libraries.

export type { Instrumentation, InstrumentationConfig } from "../instrumentation/instrumentation.ts";
