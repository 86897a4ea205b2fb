/**
 * Packed values: how instances of one datatype travel from the caller to the column builder, inside a record.
 *
 * `packed(T, n)` is `n` values of `T`, little endian, no padding, nothing that the reader could compute:
 *
 *   fixed width            n × width bytes
 *   Boolean                n bytes, 0 or 1
 *   Utf8, Binary           n × u32 byte length, then all bytes
 *   List<I>                n × u32 length, then packed(I, sum of lengths)
 *   FixedSizeList<I, k>    packed(I, n × k)
 *   Struct                 packed of each field in order
 *   Union (dense)          n bytes type id, then per field in order: u32 count, packed(field, count)
 *   Null                   nothing
 *   any nullable field     u8 "has nulls"; if 1: n bytes validity (1 = valid); then packed(T, n) with zeros where null
 *   any T, n = 0           nothing: no flags, no counts, however nested T is
 *
 * It is columnar already, so the builder appends by memcpy; the instances of a component are never null.
 *
 * Forms of `values` that the encoder takes, single instance or many (`T[]` of instances):
 *
 *   numbers                number | bigint (64-bit) | number[] | any typed array (memcpy when it is of the same type)
 *   Boolean                boolean | boolean[]
 *   Utf8                   string | string[]
 *   FixedSizeList<num, k>  [..k numbers] | number[][] | flat number[] or typed array of n × k | {x, y, z, w}[] or one of it
 *   List<UInt8>            Uint8Array | ArrayBuffer (one instance) | arrays of these
 *   List<I>                array of items = one instance when it cannot be read as many (see encoder), else array of arrays
 *   Struct                 object by field name | object[]; missing or undefined nullable fields are null
 *   Union                  { variant name: value } | array of these; null = the null marker
 */
export type PackedValues = Uint8Array;
