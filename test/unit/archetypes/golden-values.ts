import { readFileSync } from "node:fs";
import type { DataType } from "../../../src/arrow/datatype.ts";

/** One call of the official SDK: the instances it wrote for each field. */
export interface GoldenRow {
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
}

interface GoldenColumn {
  readonly archetype: string | null;
  readonly componentType: string | null;
  readonly arrow: DataType;
}

export interface GoldenFile {
  readonly entities: Record<string, Record<string, readonly GoldenRow[]>>;
  readonly columns: Record<string, GoldenColumn>;
}

export const goldenFiles: Record<string, GoldenFile> = (
  JSON.parse(readFileSync(new URL("../../golden/golden.json", import.meta.url), "utf8")) as {
    readonly files: Record<string, GoldenFile>;
  }
).files;

/** golden.json holds 64-bit integers and special numbers as text. */
export function instancesOf(type: DataType, json: readonly unknown[]): unknown[] {
  return json.map((instance) => instanceOf(type, instance));
}

function instanceOf(type: DataType, json: unknown): unknown {
  if (json === null) return null;
  if (typeof type === "string") {
    if (type === "Int64" || type === "UInt64") return BigInt(json as string);
    return type.startsWith("Float") ? Number(json) : json;
  }
  switch (type.kind) {
    case "List":
    case "FixedSizeList":
      return instancesOf(type.item.type, json as unknown[]);
    case "Struct":
    case "Union":
      return Object.fromEntries(
        Object.entries(json as object).map(([name, value]) => {
          const field = type.fields.find((candidate) => candidate.name === name);
          return [name, instanceOf(field?.type ?? "Null", value)];
        }),
      );
    default:
      return json;
  }
}
