import { readFileSync } from "node:fs";
import * as archetypes from "../../../src/archetypes/index.ts";
import type { DataType } from "../../../src/arrow/datatype.ts";
import * as blueprint from "../../../src/blueprint/generated/index.ts";
import type { AsComponents, ComponentSpec } from "../../../src/rrd/component-batch.ts";

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

/** What every archetype has, beside its own types. */
export interface GeneratedArchetype {
  readonly components: Readonly<Record<string, ComponentSpec>>;
  update(fields: Readonly<Record<string, unknown>>): AsComponents;
  clear(): AsComponents;
}

/** All archetypes as they are exported, by name. */
export const allArchetypes: readonly (readonly [string, GeneratedArchetype])[] = Object.entries({
  ...archetypes,
  ...blueprint,
})
  .filter(([, value]) => typeof value === "function" && "components" in value)
  .map(([name, value]) => [name, value as unknown as GeneratedArchetype] as const);

export function fullName(archetype: GeneratedArchetype): string {
  return Object.values(archetype.components)[0]?.descriptor.archetype as string;
}

/** The instances that the official SDK wrote, by the name that the field has here. */
export function goldenFields(archetype: GeneratedArchetype, { fields }: GoldenRow): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(archetype.components).map(([name, { descriptor, type }]) => {
      const field = descriptor.component.slice(descriptor.component.indexOf(":") + 1);
      return [name, instancesOf(type, fields[field] ?? [])];
    }),
  );
}

const MATRICES = ["rerun.components.PinholeProjection", "rerun.components.TransformMat3x3"];

/** The same as users give it: matrices row by row, which files hold column by column. */
export function givenFields(archetype: GeneratedArchetype, row: GoldenRow): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(goldenFields(archetype, row)).map(([name, values]) => {
      const isMatrix = MATRICES.includes(archetype.components[name]?.descriptor.componentType ?? "");
      return [name, isMatrix ? (values as number[][]).map(transposed) : values];
    }),
  );
}

function transposed(matrix: readonly number[]): number[] {
  return [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => matrix[i] as number);
}

/** golden.json holds 64-bit integers and special numbers as text. */
export function instancesOf(type: DataType, json: readonly unknown[]): unknown[] {
  return json.map((instance) => instanceOf(type, instance));
}

function instanceOf(type: DataType, json: unknown): unknown {
  if (json === null) return ofNull(type);
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

/** golden.json writes the variant `Infinite` as null; in the file it is the variant, and a null marker would not verify. */
function ofNull(type: DataType): unknown {
  const isBoundary = typeof type !== "string" && type.kind === "Union" && type.fields.some(isInfinite);
  return isBoundary ? { Infinite: null } : null;
}

function isInfinite({ name, type }: { name: string; type: DataType }): boolean {
  return name === "Infinite" && type === "Null";
}
