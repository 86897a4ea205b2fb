import type { MetricPoint } from "../model.ts";
import type { Distribution } from "./distribution.ts";
import { ExplicitDistribution } from "./explicit-distribution.ts";
import { ExponentialDistribution } from "./exponential-distribution.ts";

type Data = MetricPoint["data"];

export function distributionOf(data: Data & { readonly type: "histogram" | "exponential-histogram" }): Distribution {
  return data.type === "histogram"
    ? new ExplicitDistribution(data.bounds, data.counts)
    : new ExponentialDistribution(data);
}
