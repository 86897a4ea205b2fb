import type { Field } from "../../arrow/datatype.ts";
import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { bytesOf, type Codec, encodeField, isArrayBuffer, misfit, type NestedType } from "./value-codec.ts";

const AXES = ["x", "y", "z", "w"];

/**
 * FixedSizeList: vectors, matrices, ids. Flat numbers are split into instances; `{ x, y, z, w }` is read by axis.
 */
export function fixedSizeListCodec(type: NestedType<"FixedSizeList">, item: Codec): Codec {
  const { size } = type;
  const numbers =
    item.numbersPerInstance === undefined || type.item.nullable ? undefined : item.numbersPerInstance * size;

  function isAxes(value: unknown): value is Record<string, unknown> {
    return (
      item.numbersPerInstance === 1 &&
      size <= AXES.length &&
      typeof value === "object" &&
      value !== null &&
      "x" in value
    );
  }

  /** One instance as its items. */
  function itemsOf(instance: unknown): ArrayLike<unknown> {
    // arrays first: `in` on an array is slow
    const items =
      !isArrayLike(instance) && isAxes(instance) ? AXES.slice(0, size).map((axis) => instance[axis]) : instance;
    if (!isArrayLike(items) || (items.length !== size && items.length !== numbers)) throw misfit(type, instance);
    return items;
  }

  function encodeAll(instances: readonly unknown[], writer: ByteWriter): void {
    if (numbers === undefined) {
      const items = instances.flatMap((instance) => Array.from(itemsOf(instance)));
      encodeField(type.item, item, items, writer);
      return;
    }
    if (item.numbersPerInstance === 1) {
      // numbers converted all at once cost half of numbers converted vector by vector
      const flat = new Array<unknown>(instances.length * size);
      for (let at = 0, row = 0; row < instances.length; row++) {
        const items = itemsOf(instances[row]);
        for (let i = 0; i < size; i++) flat[at++] = items[i];
      }
      item.encodeAll(flat, writer);
      return;
    }
    for (const instance of instances) {
      if (item.encode(itemsOf(instance), writer) !== size) throw misfit(type, instance);
    }
  }

  return {
    type,
    encode(values, writer) {
      if (isAxes(values)) {
        encodeAll([values], writer);
        return 1;
      }
      if (!isArrayLike(values)) throw misfit(type, values);
      if (values.length === 0) return 0;
      if (numbers !== undefined && isNumber(values[0])) {
        if (values.length % numbers !== 0) throw misfit(type, values);
        item.encode(values, writer);
        return values.length / numbers;
      }
      const instances = this.isInstance(values) ? [values] : (values as unknown[]);
      encodeAll(instances, writer);
      return instances.length;
    },
    encodeAll,
    isInstance(value) {
      if (isAxes(value)) return true;
      if (!isArrayLike(value) || value.length === 0) return false;
      if (numbers !== undefined && isNumber(value[0])) return value.length === numbers;
      return value.length === size && (item.isInstance(value[0]) || (type.item.nullable && value[0] === null));
    },
    zero: new Array(size).fill(item.zero),
    concatenates: item.concatenates && !type.item.nullable,
    takesNull: false,
    numbersPerInstance: numbers,
  };
}

/**
 * List: strips, blobs, tables of pairs. A typed array is one list. An array is one list when its first element reads as an item
 * (or as the first of flat numbers), otherwise it is many lists.
 */
export function listCodec(type: NestedType<"List">, item: Codec): Codec {
  const field: Field = type.item;
  const inPlace = item.concatenates && !field.nullable;
  const takesFlat = inPlace && item.numbersPerInstance !== undefined;

  function itemsOf(instance: unknown): ArrayLike<unknown> {
    if (isArrayLike(instance)) return instance;
    if (isArrayBuffer(instance) && field.type === "UInt8") return bytesOf(instance);
    throw misfit(type, instance);
  }

  function encodeAll(instances: readonly unknown[], writer: ByteWriter): void {
    const lengths = writer.reserve(instances.length * 4);
    writer.position += instances.length * 4;
    if (inPlace) {
      for (let i = 0; i < instances.length; i++) {
        writer.patchU32(lengths + i * 4, item.encode(itemsOf(instances[i]), writer));
      }
      return;
    }
    const items: unknown[] = [];
    for (let i = 0; i < instances.length; i++) {
      const list = itemsOf(instances[i]);
      writer.patchU32(lengths + i * 4, list.length);
      for (let j = 0; j < list.length; j++) items.push(list[j]);
    }
    encodeField(field, item, items, writer);
  }

  function isInstance(value: unknown): boolean {
    if (ArrayBuffer.isView(value)) return takesFlat;
    if (!Array.isArray(value)) return field.type === "UInt8" && isArrayBuffer(value);
    if (value.length === 0) return true;
    const first: unknown = value[0];
    return item.isInstance(first) || (takesFlat && isNumber(first)) || (field.nullable && first === null);
  }

  return {
    type,
    encode(values, writer) {
      if (Array.isArray(values) && values.length === 0) return 0;
      const instances = Array.isArray(values) && !isInstance(values) ? values : [values];
      encodeAll(instances, writer);
      return instances.length;
    },
    encodeAll,
    isInstance,
    zero: [],
    concatenates: false,
    takesNull: false,
    numbersPerInstance: undefined,
  };
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}
