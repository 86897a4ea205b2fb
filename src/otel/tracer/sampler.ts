import {
  type Context,
  diag,
  isSpanContextValid,
  isValidTraceId,
  type Sampler,
  SamplingDecision,
  TraceFlags,
  trace,
} from "@opentelemetry/api";

type Environment = Readonly<Record<string, string | undefined>>;

export const ALWAYS_ON: Sampler = {
  shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED }),
  toString: () => "AlwaysOnSampler",
};

export const ALWAYS_OFF: Sampler = {
  shouldSample: () => ({ decision: SamplingDecision.NOT_RECORD }),
  toString: () => "AlwaysOffSampler",
};

/** A share of the traces, chosen by trace id, by the rule of the other OTel JS SDKs: services with the same ratio agree. */
export function traceIdRatioSampler(ratio: number): Sampler {
  return {
    shouldSample: (_context, traceId) => ({
      decision: isInRatio(traceId, ratio) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `TraceIdRatioBased{${ratio}}`,
  };
}

/** Whether a trace is of that share, by the rule above. */
export function isInRatio(traceId: string, ratio: number): boolean {
  const bound = ratio >= 1 ? 2 ** 32 : Math.floor(Math.max(0, ratio) * 0xffffffff);
  return isValidTraceId(traceId) && foldTraceId(traceId) < bound;
}

/** As the parent was decided; `root` decides for spans without one. */
export function parentBasedSampler(root: Sampler): Sampler {
  return {
    shouldSample: (context: Context, ...about) => {
      const parent = trace.getSpanContext(context);
      if (parent === undefined || !isSpanContextValid(parent)) return root.shouldSample(context, ...about);
      const isSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
      return { decision: isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
    toString: () => `ParentBased{root=${root}}`,
  };
}

/** By `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`; default `parentbased_always_on`. */
export function samplerFromEnvironment(environment: Environment = process.env): Sampler {
  const name = environment.OTEL_TRACES_SAMPLER?.trim() || "parentbased_always_on";
  switch (name) {
    case "always_on":
      return ALWAYS_ON;
    case "always_off":
      return ALWAYS_OFF;
    case "traceidratio":
      return traceIdRatioSampler(ratioFrom(environment));
    case "parentbased_always_off":
      return parentBasedSampler(ALWAYS_OFF);
    case "parentbased_traceidratio":
      return parentBasedSampler(traceIdRatioSampler(ratioFrom(environment)));
    case "parentbased_always_on":
      return parentBasedSampler(ALWAYS_ON);
    default:
      diag.error(`otel-rerun: OTEL_TRACES_SAMPLER="${name}" is not known; using parentbased_always_on`);
      return parentBasedSampler(ALWAYS_ON);
  }
}

function ratioFrom(environment: Environment): number {
  const text = environment.OTEL_TRACES_SAMPLER_ARG?.trim();
  const ratio = Number(text);
  if (text && ratio >= 0 && ratio <= 1) return ratio;
  diag.error(`otel-rerun: OTEL_TRACES_SAMPLER_ARG="${text ?? ""}" is not a number from 0 to 1; using 1`);
  return 1;
}

/** The four 32-bit words of the id, xor-ed. */
function foldTraceId(traceId: string): number {
  let folded = 0;
  for (let at = 0; at < 32; at += 8) folded ^= Number.parseInt(traceId.slice(at, at + 8), 16);
  return folded >>> 0;
}
