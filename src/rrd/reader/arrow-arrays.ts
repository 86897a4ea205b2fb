import type { DataType as ArrowType } from "@uwdata/flechette";
import type { ArrayData } from "../../arrow/array-data.ts";
import { byteWidth, type DataType } from "../../arrow/datatype.ts";
import { Type } from "../../arrow/ipc/format.ts";
import { RerunError } from "../../errors.ts";
import { columnType } from "./column-type.ts";

/** A column of one batch, as apache-arrow's `Data` and flechette's `Batch` both have it, under names that differ. */
export interface ForeignArray {
  readonly type: ForeignType;
  readonly length: number;
  readonly nullCount: number;
  readonly children?: readonly ForeignArray[] | null;
  readonly values?: ArrayBufferView;
  readonly typeIds?: ArrayBufferView;
  /** apache-arrow: bits to leave out at the beginning of bitmaps; the other buffers begin where they should. */
  readonly offset?: number;
  readonly nullBitmap?: Uint8Array;
  readonly valueOffsets?: Int32Array;
  /** flechette. */
  readonly validity?: Uint8Array;
  readonly offsets?: Int32Array;
}

export interface ForeignType {
  readonly typeId: number;
  readonly isSigned?: boolean;
  readonly signed?: boolean;
  readonly listSize?: number;
  readonly byteWidth?: number;
  readonly stride?: number;
  readonly children?: readonly ForeignField[] | null;
}

export interface ForeignField {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: ForeignType;
  readonly metadata?: ReadonlyMap<string, string> | null;
}

/** Dictionaries have this number in both libraries. */
export const DICTIONARY = -1;

/** The type in our terms; undefined for those that no Rerun component has. */
export function foreignType(type: ForeignType): DataType | undefined {
  return columnType(asFlechette(type));
}

function asFlechette(type: ForeignType): ArrowType {
  const { isSigned, listSize, byteWidth, children } = type;
  const named = Object.create(type, {
    signed: { value: type.signed ?? isSigned },
    stride: { value: listSize ?? byteWidth ?? type.stride },
    children: { value: children?.map((field) => ({ ...fieldOf(field), type: asFlechette(field.type) })) },
  });
  return named as ArrowType;
}

function fieldOf({ name, nullable }: ForeignField): { name: string; nullable: boolean } {
  return { name, nullable };
}

/**
 * The buffers of a column as they are written, without looking at its values.
 * @throws RerunError ERR_RERUN_DATA if the column lacks what its type needs.
 */
export function arrayData(array: ForeignArray, type: DataType): ArrayData {
  const { length } = array;
  const children = array.children ?? [];
  const none = { type, length, nullCount: array.nullCount };
  const validity = validityOf(array);
  const offsets = (): Uint8Array => bytesOf(array.valueOffsets ?? array.offsets, (length + 1) * 4);
  if (type === "Null") return { ...none, nullCount: length, buffers: [], children: [] };
  if (type === "Boolean") {
    const bits = bytesOf(array.values, Math.ceil(((array.offset ?? 0) + length) / 8));
    return { ...none, buffers: [validity, bitsFrom(bits, array.offset ?? 0, length)], children: [] };
  }
  if (type === "Utf8" || type === "Binary") {
    return { ...none, buffers: [validity, offsets(), bytesOf(array.values)], children: [] };
  }
  const width = byteWidth(type);
  if (width !== undefined) return { ...none, buffers: [validity, bytesOf(array.values, length * width)], children: [] };
  switch ((type as Exclude<DataType, string>).kind) {
    case "List": {
      const { item } = type as Extract<DataType, { kind: "List" }>;
      return { ...none, buffers: [validity, offsets()], children: [child(children[0], item.type)] };
    }
    case "FixedSizeList": {
      const { item } = type as Extract<DataType, { kind: "FixedSizeList" }>;
      return { ...none, buffers: [validity], children: [child(children[0], item.type)] };
    }
    case "Struct": {
      const { fields } = type as Extract<DataType, { kind: "Struct" }>;
      return { ...none, buffers: [validity], children: fields.map((field, i) => child(children[i], field.type)) };
    }
    default: {
      const { mode, fields } = type as Extract<DataType, { kind: "Union" }>;
      const ids = bytesOf(array.typeIds, length);
      const places = mode === "dense" ? [bytesOf(array.valueOffsets ?? array.offsets, length * 4)] : [];
      return {
        ...none,
        nullCount: 0,
        buffers: [ids, ...places],
        children: fields.map((f, i) => child(children[i], f.type)),
      };
    }
  }
}

/** A column of texts that are given one by one, for dictionaries. */
export function textData(texts: readonly (string | null)[]): ArrayData {
  const encoded = texts.map((text) => Buffer.from(text ?? ""));
  const offsets = new Int32Array(texts.length + 1);
  encoded.forEach((bytes, i) => {
    offsets[i + 1] = (offsets[i] as number) + bytes.length;
  });
  const validity = new Uint8Array(Math.ceil(texts.length / 8));
  texts.forEach((text, i) => {
    if (text !== null) validity[i >> 3] = (validity[i >> 3] as number) | (1 << (i & 7));
  });
  const nullCount = texts.filter((text) => text === null).length;
  const buffers = [nullCount === 0 ? new Uint8Array(0) : validity, bytesOf(offsets), Buffer.concat(encoded)];
  return { type: "Utf8", length: texts.length, nullCount, buffers, children: [] };
}

function child(array: ForeignArray | undefined, type: DataType): ArrayData {
  if (array === undefined) throw incomplete();
  return arrayData(array, type);
}

function validityOf({ nullCount, nullBitmap, validity, offset = 0, length, type }: ForeignArray): Uint8Array {
  const bits = nullBitmap ?? validity;
  if (nullCount === 0 || bits === undefined || bits.length === 0 || type.typeId === Type.Union)
    return new Uint8Array(0);
  return bitsFrom(bits, offset, length);
}

/** Bits from `offset` on, moved to the beginning. */
function bitsFrom(bits: Uint8Array, offset: number, length: number): Uint8Array {
  const size = Math.ceil(length / 8);
  if (offset % 8 === 0) return bits.subarray(offset / 8, offset / 8 + size);
  const moved = new Uint8Array(size);
  for (let i = 0; i < length; i++) {
    const at = offset + i;
    if ((((bits[at >> 3] as number) >> (at & 7)) & 1) === 1) moved[i >> 3] = (moved[i >> 3] as number) | (1 << (i & 7));
  }
  return moved;
}

function bytesOf(view: ArrayBufferView | undefined, length?: number): Uint8Array {
  if (view === undefined) {
    if (length === undefined || length <= 4) return new Uint8Array(length ?? 0);
    throw incomplete();
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (length !== undefined && bytes.length < length) throw incomplete();
  return bytes.subarray(0, length);
}

function incomplete(): RerunError {
  return new RerunError("ERR_RERUN_DATA", "an Arrow column lacks a part that its type needs; pass it as an IPC stream");
}
