import type { Sampler, Tracer, TracerOptions, TracerProvider } from "@opentelemetry/api";
import { checkedOptions, optionNames } from "../../option-names.ts";
import type { RecordingStream } from "../../recording/recording-stream.ts";
import { toText } from "../attributes.ts";
import { resourcePerRecording } from "../sdk/resource.ts";
import { RecordingTracer, type TracerConfig } from "./recording-tracer.ts";
import { samplerFromEnvironment } from "./sampler.ts";
import { type SpanLimits, spanLimits } from "./span-limits.ts";

export interface RecordingTracerProviderOptions {
  /** Where all spans go. Default: the recording of their context, else the active one. */
  readonly recording?: RecordingStream;
  /** Attributes of the service. Default: from the `OTEL_*` variables; the service is named like the application id. */
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
  /** Default: by `OTEL_TRACES_SAMPLER`, else as the parent, else always. */
  readonly sampler?: Sampler;
  /** Default: 128 attributes, events and links; values of any length. */
  readonly spanLimits?: Partial<SpanLimits>;
  /** Also records spans that the sampler marked as "record, but do not sample". Default false. */
  readonly includeUnsampled?: boolean;
}

const NAMES = optionNames<RecordingTracerProviderOptions>({
  recording: true,
  resource: true,
  sampler: true,
  spanLimits: true,
  includeUnsampled: true,
});

/**
 * A tracer provider without an SDK: its spans go straight into recordings. It is there because a span of the SDK costs 20 to 28 µs
 * more per request (docs/benchmarks.md). An application that has an SDK keeps it and adds `RecordingSpanProcessor`.
 */
export class RecordingTracerProvider implements TracerProvider {
  readonly #config: TracerConfig;
  readonly #tracers = new Map<string, RecordingTracer>();

  /** @throws RerunError ERR_RERUN_ARGUMENT */
  constructor(given: RecordingTracerProviderOptions = {}) {
    const options = checkedOptions("RecordingTracerProvider", given, NAMES);
    this.#config = {
      recording: options.recording,
      includeUnsampled: options.includeUnsampled ?? false,
      sampler: options.sampler ?? samplerFromEnvironment(),
      hasForeignSampler: options.sampler !== undefined,
      limits: spanLimits(options.spanLimits),
      resourceOf: resourcePerRecording(options.resource?.attributes),
    };
  }

  /** The same tracer for the same name, version and schema. */
  getTracer(given: string, version?: string, options?: TracerOptions): Tracer {
    const name = toText(given);
    const key = `${name}@${version ?? ""}:${options?.schemaUrl ?? ""}`;
    let tracer = this.#tracers.get(key);
    if (tracer === undefined) {
      tracer = new RecordingTracer(version ? { name, version } : { name }, this.#config);
      this.#tracers.set(key, tracer);
    }
    return tracer;
  }
}
