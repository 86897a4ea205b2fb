/**
 * Numbers of Arrow's `Message.fbs` and `Schema.fbs`: union ids, enum values, and the position of each field in its table.
 * Names are theirs.
 */
export const MetadataVersion = { V4: 3, V5: 4 } as const;

export const MessageHeader = { Schema: 1, DictionaryBatch: 2, RecordBatch: 3 } as const;

export const Type = {
  Null: 1,
  Int: 2,
  FloatingPoint: 3,
  Binary: 4,
  Utf8: 5,
  Bool: 6,
  Timestamp: 10,
  List: 12,
  Struct: 13,
  Union: 14,
  FixedSizeBinary: 15,
  FixedSizeList: 16,
  Duration: 18,
} as const;

export const Precision = { HALF: 0, SINGLE: 1, DOUBLE: 2 } as const;
export const TimeUnit = { NANOSECOND: 3 } as const;
export const UnionMode = { Sparse: 0, Dense: 1 } as const;

/** Fields of the tables, in the order of their declaration. */
export const MessageTable = { version: 0, headerType: 1, header: 2, bodyLength: 3 } as const;
export const SchemaTable = { endianness: 0, fields: 1, customMetadata: 2 } as const;
export const FieldTable = {
  name: 0,
  nullable: 1,
  typeType: 2,
  type: 3,
  dictionary: 4,
  children: 5,
  customMetadata: 6,
} as const;
export const KeyValueTable = { key: 0, value: 1 } as const;
export const RecordBatchTable = { length: 0, nodes: 1, buffers: 2, compression: 3 } as const;

/** A message of a stream begins with this, then the length of its metadata. */
export const CONTINUATION = 0xffffffff;

/** Bytes of continuation marker and length. */
export const PREFIX_BYTES = 8;

/** Messages and buffers start at multiples of this. */
export const ALIGNMENT = 8;

/** Nothing more comes. */
export const END_OF_STREAM: Uint8Array = /* @__PURE__ */ Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

export function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
