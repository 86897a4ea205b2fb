import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteWriter } from "../bytes/byte-writer.ts";
import { readAttributes, readValue, writeAttributes, writeValue } from "./attribute-codec.ts";
import type { LogRecord } from "./model.ts";
import type { OriginReader, OriginWriter } from "./origins.ts";

/** Log records as records of the transport. Empty texts mean "absent", as does severity 0. */
export function writeLogRecord(writer: ByteWriter, record: LogRecord, origins: OriginWriter): void {
  writer.u32(origins.resource(record.resource));
  writer.u32(origins.scope(record.scope));
  writer.i64(record.time);
  writer.u8(record.severityNumber ?? 0);
  writer.string(record.severityText ?? "");
  writeValue(writer, record.body);
  writer.string(record.eventName ?? "");
  writer.string(record.traceId ?? "");
  writer.string(record.spanId ?? "");
  writeAttributes(writer, record.attributes);
}

export function readLogRecord(reader: ByteReader, origins: OriginReader): LogRecord {
  const resource = origins.resource(reader.u32());
  const scope = origins.scope(reader.u32());
  const time = reader.i64();
  const severityNumber = reader.u8();
  const severityText = reader.string();
  const body = readValue(reader);
  const [eventName, traceId, spanId] = [reader.string(), reader.string(), reader.string()];
  return {
    time,
    ...(severityNumber === 0 ? {} : { severityNumber }),
    ...(severityText === "" ? {} : { severityText }),
    body,
    ...(eventName === "" ? {} : { eventName }),
    ...(traceId === "" ? {} : { traceId }),
    ...(spanId === "" ? {} : { spanId }),
    attributes: readAttributes(reader),
    scope,
    resource,
  };
}
