import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteWriter } from "../bytes/byte-writer.ts";
import { readAttributes, readValue, writeAttributes, writeValue } from "./attribute-codec.ts";
import type { AttributeValue, MetricPoint } from "./model.ts";
import type { OriginReader, OriginWriter } from "./origins.ts";

/**
 * Metric points as records. They are few (one a series and export), so their data travels as an attribute value: one code for
 * four shapes.
 */
export function writeMetricPoint(writer: ByteWriter, point: MetricPoint, origins: OriginWriter): void {
  writer.u32(origins.resource(point.resource));
  writer.string(point.name);
  writer.string(point.unit);
  writer.string(point.description ?? "");
  writer.i64(point.time);
  writer.i64(point.startTime ?? 0n);
  writeAttributes(writer, point.attributes);
  writeValue(writer, point.data as unknown as AttributeValue);
}

export function readMetricPoint(reader: ByteReader, origins: OriginReader): MetricPoint {
  const resource = origins.resource(reader.u32());
  const [name, unit, description] = [reader.string(), reader.string(), reader.string()];
  const time = reader.i64();
  const startTime = reader.i64();
  const attributes = readAttributes(reader);
  return {
    name,
    unit,
    ...(description === "" ? {} : { description }),
    time,
    ...(startTime === 0n ? {} : { startTime }),
    attributes,
    resource,
    data: readValue(reader) as unknown as MetricPoint["data"],
  };
}
