import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteWriter } from "../bytes/byte-writer.ts";
import { readAttributes, writeAttributes } from "./attribute-codec.ts";
import type { Attributes, Span, SpanEvent, SpanKind, SpanLink, SpanSegment, SpanStart, SpanStatus } from "./model.ts";
import type { OriginReader, OriginWriter } from "./origins.ts";

/** Spans as records: what is read is what was written. Resource and scope are numbers that were defined before (origins.ts). */
export function writeSpanStart(writer: ByteWriter, span: SpanStart, origins: OriginWriter): void {
  writer.u32(origins.resource(span.resource));
  writer.string(span.traceId);
  writer.string(span.spanId);
  writer.string(span.parentSpanId ?? "");
  writer.u8(span.parentIsRemote ? 1 : 0);
  writer.u8(span.kind);
  writer.string(span.name);
  writer.i64(span.startTime);
}

type Building<T> = { -readonly [K in keyof T]: T[K] };

export function readSpanStart(reader: ByteReader, origins: OriginReader): SpanStart {
  return readStart(reader, origins);
}

/** Fields are set one by one: spreading parts into an object took most of the time of reading it. */
function readStart(reader: ByteReader, origins: OriginReader): Building<SpanStart> {
  const resource = origins.resource(reader.u32());
  const traceId = reader.string();
  const spanId = reader.string();
  const parentSpanId = reader.string();
  const parentIsRemote = reader.u8() === 1;
  const kind = reader.u8() as SpanKind;
  const start: Building<SpanStart> = {
    traceId,
    spanId,
    kind,
    name: reader.string(),
    startTime: reader.i64(),
    resource,
  };
  if (parentSpanId !== "") start.parentSpanId = parentSpanId;
  if (parentIsRemote) start.parentIsRemote = true;
  return start;
}

export function writeSpan(writer: ByteWriter, span: Span, origins: OriginWriter): void {
  writeSpanStart(writer, span, origins);
  writer.i64(span.endTime);
  writer.u32(origins.scope(span.scope));
  writeStatus(writer, span.status);
  writeAttributes(writer, span.attributes);
  writer.u32(span.events.length);
  for (const { name, time, attributes } of span.events) {
    writer.string(name);
    writer.i64(time);
    writeAttributes(writer, attributes);
  }
  writer.u32(span.links.length);
  for (const { traceId, spanId, attributes } of span.links) {
    writer.string(traceId);
    writer.string(spanId);
    writeAttributes(writer, attributes);
  }
  writer.u32(span.droppedAttributes ?? 0);
  writer.u32(span.droppedEvents ?? 0);
  writer.u32(span.droppedLinks ?? 0);
  const segments = span.segments ?? [];
  writer.u32(segments.length);
  for (const { name, startTime, endTime, status, attributes } of segments) {
    writer.string(name);
    writer.i64(startTime);
    writer.i64(endTime);
    writeStatus(writer, status);
    writeAttributes(writer, attributes);
  }
}

export function readSpan(reader: ByteReader, origins: OriginReader): Span {
  const span = readStart(reader, origins) as Building<Span>;
  span.endTime = reader.i64();
  span.scope = origins.scope(reader.u32());
  span.status = readStatus(reader);
  span.attributes = readAttributes(reader);
  span.events = list(reader, readEvent);
  span.links = list(reader, readLink);
  const [droppedAttributes, droppedEvents, droppedLinks] = [reader.u32(), reader.u32(), reader.u32()];
  if (droppedAttributes > 0) span.droppedAttributes = droppedAttributes;
  if (droppedEvents > 0) span.droppedEvents = droppedEvents;
  if (droppedLinks > 0) span.droppedLinks = droppedLinks;
  const segments = list(reader, readSegment);
  if (segments.length > 0) span.segments = segments;
  return span;
}

function list<T>(reader: ByteReader, read: (reader: ByteReader) => T): T[] {
  const items: T[] = [];
  for (let count = reader.u32(); count > 0; count--) items.push(read(reader));
  return items;
}

function readEvent(reader: ByteReader): SpanEvent {
  return { name: reader.string(), time: reader.i64(), attributes: readAttributes(reader) };
}

function readLink(reader: ByteReader): SpanLink {
  return { traceId: reader.string(), spanId: reader.string(), attributes: readAttributes(reader) };
}

function readSegment(reader: ByteReader): SpanSegment {
  const name = reader.string();
  const startTime = reader.i64();
  const endTime = reader.i64();
  const status = readStatus(reader);
  const attributes: Attributes = readAttributes(reader);
  return { name, startTime, endTime, status, attributes };
}

function writeStatus(writer: ByteWriter, status: SpanStatus): void {
  writer.u8(status.code);
  writer.string(status.message ?? "");
}

function readStatus(reader: ByteReader): SpanStatus {
  const code = reader.u8() as SpanStatus["code"];
  const message = reader.string();
  return message === "" ? { code } : { code, message };
}
