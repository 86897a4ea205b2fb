import type { ComponentDescriptor } from "./component-descriptor.ts";

/** What a column of a manifest is about: the suffix says which number of it. */
export interface ManifestColumn {
  readonly timeline?: string;
  readonly descriptor?: ComponentDescriptor;
  readonly suffix: "start" | "end" | "num_rows" | "has_static_data";
}

/**
 * Names as the official tools make them (rrd-format §5.5): `log_time:TextLog:text:start`, `http_status:has_static_data`.
 * Different timelines or components may get the same name, which makes the manifest invalid.
 */
export function manifestColumnName({ timeline, descriptor, suffix }: ManifestColumn): string {
  const parts = [timeline, ...(descriptor === undefined ? [] : descriptorParts(descriptor)), suffix];
  const name = parts.filter((part) => part !== undefined && part !== "").join(":");
  return name.replace(/[, \-.\\]/g, "_").replace(/^_+/, "");
}

function descriptorParts({ archetype, component }: ComponentDescriptor): string[] {
  if (archetype === undefined) return [component];
  const short = archetype.replace(/^rerun\.(?:(?:blueprint\.)?archetypes\.)?/, "");
  return [short, component.startsWith(`${short}:`) ? component.slice(short.length + 1) : component];
}
