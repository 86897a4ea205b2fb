import type { DataType, Field } from "../arrow/datatype.ts";
import { componentListType } from "../arrow/datatype.ts";
import { TUID_BYTES } from "../bytes/tuid.ts";
import type { ComponentDescriptor } from "./component-descriptor.ts";
import type { Timeline, TimelineType } from "./timeline.ts";

/**
 * The fields of a chunk's columns (rrd-format §3.3–3.5). A manifest describes its store with the same fields, so they are in
 * one place; what only a chunk or only a manifest says is given as `more`.
 */
type Metadata = Readonly<Record<string, string>>;

/** Trusted by readers, so it is absent unless true. */
export const SORTED: Metadata = { "rerun:is_sorted": "true" };

export const ROW_ID_TYPE: DataType = { kind: "FixedSizeBinary", size: TUID_BYTES };

export function rowIdField(more: Metadata = {}): Field {
  const metadata = {
    "rerun:kind": "control",
    "ARROW:extension:name": "rerun.datatypes.TUID",
    "ARROW:extension:metadata": '{"namespace":"row"}',
    ...more,
  };
  return { name: "rerun.controls.RowId", nullable: false, type: ROW_ID_TYPE, metadata };
}

/** Declared nullable although no null is allowed: that is how official writers do it. */
export function timelineField({ name, type }: Timeline, more: Metadata = {}): Field {
  const metadata = { "rerun:kind": "index", "rerun:index_name": name, ...more };
  return { name, nullable: true, type: timelineDatatype(type), metadata };
}

/** `type` is that of one instance. */
export function componentField(descriptor: ComponentDescriptor, type: DataType, more: Metadata = {}): Field {
  const metadata = { "rerun:kind": "data", ...descriptorMetadata(descriptor), ...more };
  return { name: descriptor.component, nullable: true, type: componentListType(type), metadata };
}

export function timelineDatatype(type: TimelineType): DataType {
  switch (type) {
    case "sequence":
      return "Int64";
    case "duration":
      return { kind: "Duration" };
    case "timestamp":
      return { kind: "Timestamp" };
  }
}

export function descriptorMetadata({ archetype, component, componentType }: ComponentDescriptor): Metadata {
  return {
    "rerun:component": component,
    ...(archetype !== undefined && { "rerun:archetype": archetype }),
    ...(componentType !== undefined && { "rerun:component_type": componentType }),
  };
}
