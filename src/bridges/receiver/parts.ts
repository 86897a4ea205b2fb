import type { DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/**
 * Messages of a protobuf request, or objects and lists of a JSON one. Each takes two bytes at least where it comes from and more than a
 * hundred in memory: without a limit 64 MiB of empty ones would need gigabytes (I8).
 */
export const MAX_PARTS = 1 << 20;

/** @throws when it is no protobuf. */
export function hasTooManyMessages(schema: DescMessage, bytes: Uint8Array): boolean {
  if (bytes.length <= 2 * MAX_PARTS) return false;
  const reader = new BinaryReader(bytes);
  const outer: { readonly desc: DescMessage; readonly end: number }[] = [];
  let desc = schema;
  let end = reader.len;
  for (let count = 0; ; ) {
    while (reader.pos >= end) {
      const last = outer.pop();
      if (last === undefined) return false;
      ({ desc, end } = last);
    }
    const [no, type] = reader.tag();
    const inner = type === WireType.LengthDelimited ? messagesOf(desc).get(no) : undefined;
    if (inner === undefined) {
      reader.skip(type, no);
      continue;
    }
    if (++count > MAX_PARTS) return true;
    outer.push({ desc, end });
    const length = reader.uint32();
    desc = inner;
    end = Math.min(end, reader.pos + length);
  }
}

const known = new WeakMap<DescMessage, ReadonlyMap<number, DescMessage>>();

/** The fields of a message that are messages themselves. */
function messagesOf(desc: DescMessage): ReadonlyMap<number, DescMessage> {
  let fields = known.get(desc);
  if (fields === undefined) {
    fields = new Map(desc.fields.flatMap(({ number, message }) => (message === undefined ? [] : [[number, message]])));
    known.set(desc, fields);
  }
  return fields;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

export function hasTooManyValues(json: Uint8Array): boolean {
  if (json.length <= 2 * MAX_PARTS) return false;
  let count = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) isText = !isText;
    else if (isText && byte === BACKSLASH) at++;
    else if (!isText && (byte === BRACE || byte === BRACKET) && ++count > MAX_PARTS) return true;
  }
  return false;
}
