import { readFileSync } from "node:fs";
import type { DataType } from "../../../src/arrow/datatype.ts";

interface TypesJson {
  readonly components: Record<string, { readonly arrow: DataType }>;
}

/** Every datatype that a Rerun component has, once, by the name of a component that has it. */
export function componentDatatypes(): [name: string, type: DataType][] {
  const file = new URL("../../../codegen/types.json", import.meta.url);
  const { components } = JSON.parse(readFileSync(file, "utf8")) as TypesJson;
  const distinct = new Map(
    Object.entries(components).map(([name, { arrow }]) => [JSON.stringify(arrow), [name, arrow] as [string, DataType]]),
  );
  return [...distinct.values()];
}

/** Datatypes beyond those, for users' own components. */
export const otherDatatypes: [name: string, type: DataType][] = [
  ["Binary", "Binary"],
  ["FixedSizeBinary", { kind: "FixedSizeBinary", size: 5 }],
  ["Timestamp", { kind: "Timestamp" }],
  ["Duration", { kind: "Duration" }],
  ["list of nullable numbers", { kind: "List", item: { name: "item", nullable: true, type: "Int16" } }],
  [
    "vectors of nullable text",
    { kind: "FixedSizeList", size: 2, item: { name: "item", nullable: true, type: "Utf8" } },
  ],
  [
    "nullable struct in a struct",
    {
      kind: "Struct",
      fields: [
        {
          name: "inner",
          nullable: true,
          type: {
            kind: "Struct",
            fields: [
              { name: "flag", nullable: false, type: "Boolean" },
              {
                name: "list",
                nullable: true,
                type: { kind: "List", item: { name: "item", nullable: false, type: "Float64" } },
              },
            ],
          },
        },
      ],
    },
  ],
];
