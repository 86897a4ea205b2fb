/**
 * JSON holds no control characters but white space; protobuf has them all over, a tag for each attribute at least. The first byte
 * does not tell: a line feed is both white space and the tag of the first field.
 */
export function isJson(head: Buffer): boolean {
  const { length } = head;
  for (let at = 0; at < Math.min(length, 4096); at++) {
    const byte = head[at] as number;
    if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return length > 0;
}
