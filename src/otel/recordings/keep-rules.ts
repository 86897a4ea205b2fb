import { diag } from "@opentelemetry/api";
import { RerunError } from "../../errors.ts";
import { isInRatio } from "../tracer/sampler.ts";

/** What is known of a recording when it has ended. */
export interface RecordingEnd {
  /** What its requests have in common: a trace id, or what the function of `recordPer` returned. */
  readonly key: string;
  readonly traceId: string | undefined;
  /** Of the first request, with its final route: `GET /users/:id`. */
  readonly name: string | undefined;
  /** Of that request's span. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of its slowest request. */
  readonly durationMillis: number;
  /** Some span has the status ERROR. */
  readonly hasFailed: boolean;
}

/** Which recordings stay. */
export type KeepRule =
  | "all"
  /** Those in which a span failed. */
  | "errors"
  /** Those with a request that took longer, in milliseconds. */
  | { readonly slowerThan: number }
  /** That share, from 0 to 1, chosen by trace id: services with the same share keep the same traces. */
  | { readonly sample: number }
  | ((end: RecordingEnd) => boolean);

export type Keep = (end: RecordingEnd) => boolean;

/**
 * What one of the rules wants to stay, stays. A function that throws keeps: it was not decided.
 * @throws RerunError ERR_RERUN_ARGUMENT for what is no rule
 */
export function keepRules(rules: KeepRule | readonly KeepRule[]): Keep {
  const all = (Array.isArray(rules) ? rules : [rules]).map(keepRule);
  return (end) => all.some((keeps) => keeps(end));
}

/** Whether everything stays, so that nothing has to wait for a decision. */
export function keepsAll(rules: KeepRule | readonly KeepRule[]): boolean {
  return Array.isArray(rules) ? rules.includes("all") : rules === "all";
}

/**
 * Rules as a variable has them: `errors,slowerThan=500,sample=0.01`.
 * @returns undefined if that is none
 */
export function parseKeepRules(text: string): readonly KeepRule[] | undefined {
  const rules = text.split(",").map((part): KeepRule | undefined => {
    const [name = "", value] = part.trim().split("=");
    if ((name === "all" || name === "errors") && value === undefined) return name;
    const number = value?.trim() ? Number(value) : Number.NaN;
    if (name === "slowerThan" && number >= 0) return { slowerThan: number };
    return name === "sample" && number >= 0 && number <= 1 ? { sample: number } : undefined;
  });
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function keepRule(rule: KeepRule): Keep {
  if (rule === "all") return () => true;
  if (rule === "errors") return ({ hasFailed }) => hasFailed;
  if (typeof rule === "function") return (end) => asked(rule, end);
  if (typeof rule === "object" && rule !== null) {
    if ("slowerThan" in rule && rule.slowerThan >= 0) return ({ durationMillis }) => durationMillis > rule.slowerThan;
    if ("sample" in rule && rule.sample >= 0 && rule.sample <= 1) {
      return ({ traceId }) => traceId !== undefined && isInRatio(traceId, rule.sample);
    }
  }
  throw new RerunError(
    "ERR_RERUN_ARGUMENT",
    `keep must be "all", "errors", { slowerThan: milliseconds }, { sample: 0 to 1 }, a function or a list of these; got ${JSON.stringify(rule)}`,
  );
}

function asked(rule: (end: RecordingEnd) => boolean, end: RecordingEnd): boolean {
  try {
    return rule(end) === true;
  } catch (error) {
    diag.error("otel-rerun: a keep rule threw; the recording is kept", error);
    return true;
  }
}
