/** The value that bytes in MessagePack hold, by the format's specification: maps as objects, no extensions. */
export function unpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  const take = (length: number): number => {
    at += length;
    return at - length;
  };
  const unsigned = (length: number): number => {
    const from = take(length);
    if (length === 8) return Number(view.getBigUint64(from));
    return length === 1 ? view.getUint8(from) : length === 2 ? view.getUint16(from) : view.getUint32(from);
  };
  const signed = (length: number): number => Number(BigInt.asIntN(8 * length, BigInt(unsigned(length))));
  const raw = (length: number): Uint8Array => bytes.subarray(take(length), at);
  const text = (length: number): string => new TextDecoder().decode(raw(length));
  const array = (length: number): unknown[] => Array.from({ length }, () => value());
  const map = (length: number): object =>
    Object.fromEntries(Array.from({ length }, () => [String(value()), value()] as const));

  function value(): unknown {
    const type = unsigned(1);
    if (type < 0x80) return type;
    if (type < 0x90) return map(type & 0x0f);
    if (type < 0xa0) return array(type & 0x0f);
    if (type < 0xc0) return text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    if (type === 0xc0) return null;
    if (type === 0xc2 || type === 0xc3) return type === 0xc3;
    if (type >= 0xc4 && type <= 0xc6) return raw(unsigned(1 << (type - 0xc4)));
    if (type === 0xca) return view.getFloat32(take(4));
    if (type === 0xcb) return view.getFloat64(take(8));
    if (type >= 0xcc && type <= 0xcf) return unsigned(1 << (type - 0xcc));
    if (type >= 0xd0 && type <= 0xd3) return signed(1 << (type - 0xd0));
    if (type >= 0xd9 && type <= 0xdb) return text(unsigned(1 << (type - 0xd9)));
    if (type === 0xdc || type === 0xdd) return array(unsigned(type === 0xdc ? 2 : 4));
    if (type === 0xde || type === 0xdf) return map(unsigned(type === 0xde ? 2 : 4));
    throw new Error(`MessagePack of an unknown type 0x${type.toString(16)} at byte ${at - 1}`);
  }
  return value();
}
