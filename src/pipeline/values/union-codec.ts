import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { RerunError } from "../../errors.ts";
import { inField } from "./struct-codec.ts";
import { type Codec, encodeField, misfit, type NestedType } from "./value-codec.ts";

/**
 * Dense union: `{ variant: value }`. A variant without a value may be written as its name alone; null is the null marker,
 * the variant of type Null that comes first (rrd-format §10.3).
 */
export function unionCodec(type: NestedType<"Union">, children: readonly Codec[]): Codec {
  if (type.mode !== "dense")
    throw new RerunError("ERR_RERUN_DATA", "sparse unions are not supported, use a dense union");
  const variants = type.fields.map((field, i) => ({ field, codec: children[i] as Codec }));
  const nullMarker = variants.findIndex(({ field }) => field.type === "Null");

  /** Index of the variant, and its value. */
  function read(instance: unknown): [number, unknown] {
    if (instance === null || instance === undefined) return [nullMarker, null];
    if (typeof instance === "string") {
      return [variants.findIndex(({ field }) => field.name === instance && field.type === "Null"), null];
    }
    if (typeof instance !== "object") return [-1, null];
    const [name, ...others] = Object.keys(instance);
    const index = others.length > 0 ? -1 : variants.findIndex(({ field }) => field.name === name);
    return [index, (instance as Record<string, unknown>)[name as string]];
  }

  function encodeAll(instances: readonly unknown[], writer: ByteWriter): void {
    if (instances.length === 0) return;
    const columns: unknown[][] = variants.map(() => []);
    for (const instance of instances) {
      const [index, value] = read(instance);
      const variant = variants[index];
      if (variant === undefined) throw misfit(type, instance);
      writer.u8(variant.field.typeId);
      columns[index]?.push(value);
    }
    for (const [i, { field, codec }] of variants.entries()) {
      const column = columns[i] as unknown[];
      writer.u32(column.length);
      try {
        encodeField(field, codec, column, writer);
      } catch (error) {
        throw inField(field.name, error);
      }
    }
  }

  return {
    type,
    encode(values, writer) {
      const instances = Array.isArray(values) ? values : [values];
      encodeAll(instances, writer);
      return instances.length;
    },
    encodeAll,
    isInstance: (value) => read(value)[0] >= 0,
    zero: null,
    concatenates: false,
    takesNull: true,
    numbersPerInstance: undefined,
  };
}
