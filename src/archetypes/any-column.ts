import type { DataType } from "../arrow/datatype.ts";
import { typedArrayTag } from "../arrow/typed-array.ts";
import { RerunError } from "../errors.ts";
import { inferType } from "./inferred-type.ts";

/** The values of a free-form component in many rows, as a `ComponentColumnBatch` has them. */
export interface AnyColumn {
  readonly type: DataType;
  readonly lengths: Uint32Array | undefined;
  readonly values: unknown;
}

/**
 * One value a row, or a list of them; null and undefined leave the row empty. All rows have one type, found as `inferType` does for all
 * their values together; where these have none in common, each is written as text. Undefined: nothing is there to find a type by.
 *
 * @param type the type that is told instead
 * @throws RerunError ERR_RERUN_ARGUMENT if it is no array of rows.
 */
export function anyColumn(field: string, rows: unknown, type: DataType | undefined): AnyColumn | undefined {
  if (ArrayBuffer.isView(rows)) {
    const inferred = inferType(rows);
    return inferred && { type: type ?? inferred.type, lengths: undefined, values: inferred.values };
  }
  if (!Array.isArray(rows)) {
    throw new RerunError("ERR_RERUN_ARGUMENT", `the column ${field} must be an array with a value for each row`);
  }
  const lists = rows.map(listOf);
  const values = lists.flatMap((list) => Array.from(list));
  const found = type ?? commonView(lists) ?? (values.length > 0 ? commonType(values) : undefined);
  if (found === undefined) return undefined;
  const isText = type === undefined && found === "Utf8";
  return {
    type: found,
    lengths: lists.every(({ length }) => length === 1) ? undefined : Uint32Array.from(lists, ({ length }) => length),
    values: isText ? values.map(textOf) : values,
  };
}

function listOf(row: unknown): ArrayLike<unknown> {
  if (row === null || row === undefined) return [];
  const isList = Array.isArray(row) || (ArrayBuffer.isView(row) && "length" in row);
  return isList ? (row as ArrayLike<unknown>) : [row];
}

/** That of typed arrays, if all rows that hold something are of one kind. */
function commonView(lists: readonly ArrayLike<unknown>[]): DataType | undefined {
  const filled = lists.filter(({ length }) => length > 0);
  const [first] = filled;
  if (first === undefined || !ArrayBuffer.isView(first)) return undefined;
  const tag = typedArrayTag(first);
  const isOne = filled.every((list) => ArrayBuffer.isView(list) && typedArrayTag(list) === tag);
  return isOne ? inferType(first)?.type : undefined;
}

/** Of values that are texts, or have nothing in common, Utf8. */
function commonType(values: readonly unknown[]): DataType {
  return inferType(values)?.type ?? "Utf8";
}

function textOf(value: unknown): string {
  const inferred = inferType(value);
  return inferred?.type === "Utf8" ? String(inferred.values) : String(value);
}
