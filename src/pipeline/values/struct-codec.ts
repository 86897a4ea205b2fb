import type { ByteWriter } from "../../bytes/byte-writer.ts";
import { RerunError } from "../../errors.ts";
import { type Codec, encodeField, misfit, type NestedType } from "./value-codec.ts";

/**
 * Struct: objects by field name. Fields may be written as in the datatype (`color_model`) or as JavaScript does (`colorModel`).
 */
export function structCodec(type: NestedType<"Struct">, children: readonly Codec[]): Codec {
  const fields = type.fields.map((field, i) => ({
    field,
    codec: children[i] as Codec,
    name: field.name,
    camelName: camelCase(field.name),
  }));

  function encodeAll(instances: readonly unknown[], writer: ByteWriter): void {
    for (const instance of instances) if (!isObject(instance)) throw misfit(type, instance);
    const objects = instances as readonly Record<string, unknown>[];
    for (const { field, codec, name, camelName } of fields) {
      const column = objects.map((object) => object[name] ?? object[camelName]);
      try {
        encodeField(field, codec, column, writer);
      } catch (error) {
        throw inField(name, error);
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
    isInstance: isObject,
    zero: Object.fromEntries(fields.map(({ field, codec, name }) => [name, field.nullable ? null : codec.zero])),
    concatenates: false,
    takesNull: false,
    numbersPerInstance: undefined,
  };
}

/** The same error, with the name of the field in front. */
export function inField(name: string, error: unknown): unknown {
  if (!(error instanceof RerunError)) return error;
  return new RerunError(error.code, `${name}: ${error.message}`, { cause: error.cause });
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
