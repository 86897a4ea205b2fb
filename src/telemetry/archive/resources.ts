import type { Attributes, AttributeValue, Span } from "../model.ts";
import type { RowChunk } from "../span-rows.ts";

/** Who made the telemetry, by service name: the rows of `/__properties/resource…` (trace-view §2.1). */
export function* resourcesOf({ numRows, components }: RowChunk): Generator<[string, Attributes]> {
  for (let row = 0; row < numRows; row++) {
    const attributes: Record<string, AttributeValue> = {};
    for (const { name, get } of components) {
      const cell = get(row);
      // an array attribute has several instances
      if (Array.isArray(cell) && cell.length > 0) attributes[name] = cell.length === 1 ? cell[0] : cell;
    }
    const service = attributes["service.name"];
    if (typeof service === "string") yield [service, attributes];
  }
}

/** The span with all that is known of its resource; the table has the service's name only. */
export function withResource(span: Span, resources: ReadonlyMap<string, Attributes>): Span {
  const service = span.resource.attributes["service.name"];
  const attributes = typeof service === "string" ? resources.get(service) : undefined;
  return attributes === undefined ? span : { ...span, resource: { attributes } };
}
