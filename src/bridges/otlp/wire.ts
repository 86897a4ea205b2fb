import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { OtlpSignal } from "./detect.ts";

/** Length-delimited: a message, text or bytes. */
const LENGTH = WireType.LengthDelimited;

/** A field of a message, not decoded. */
export interface WireField {
  readonly no: number;
  readonly type: WireType;
  /** Of a length-delimited field. */
  readonly bytes?: Uint8Array;
}

/** The fields of a message. @throws when the bytes are no protobuf. */
export function* fieldsOf(message: Uint8Array): Generator<WireField> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (type === LENGTH) yield { no, type, bytes: reader.bytes() };
    else {
      reader.skip(type, no);
      yield { no, type };
    }
  }
}

/** Whether bytes are an export request, of any signal: nothing but resources, field 1. */
export function isExportRequest(bytes: Uint8Array): boolean {
  try {
    let resources = 0;
    for (const { no, type } of fieldsOf(bytes)) {
      if (no !== 1 || type !== LENGTH) return false;
      resources++;
    }
    return resources > 0;
  } catch {
    return false;
  }
}

/**
 * What one resource carries; undefined if it carries nothing. OTLP does not say which of its three messages a file holds, so the
 * first item of the first scope is looked at.
 *
 *   request { resource { scope { item …     1 → 2 → 2
 *
 * @throws when the bytes are no protobuf.
 */
export function signalOfResource(resource: Uint8Array): OtlpSignal | undefined {
  for (const scope of fieldsOf(resource)) {
    if (scope.no !== 2 || scope.bytes === undefined) continue;
    for (const item of fieldsOf(scope.bytes)) {
      if (item.no === 2 && item.bytes !== undefined) return signalOfItem(item.bytes);
    }
  }
  return undefined;
}

/**
 * Times are fixed 64-bit numbers: 7 and 8 of a span, 1 and 11 of a log record; a metric has none, only texts and messages. Without
 * times the kind of a span (6) or the severity of a log record (2) is a varint.
 */
function signalOfItem(item: Uint8Array): OtlpSignal | undefined {
  let isMetric = false;
  for (const { no, type } of fieldsOf(item)) {
    if (type === WireType.Bit64 && (no === 7 || no === 8)) return "spans";
    if (type === WireType.Bit64 && (no === 1 || no === 11)) return "logs";
    if (type === WireType.Varint && no === 6) return "spans";
    if (type === WireType.Varint && no === 2) return "logs";
    if (type === LENGTH && (no === 1 || no === 5 || (no >= 7 && no <= 11))) isMetric = true;
  }
  return isMetric ? "metrics" : "logs";
}
