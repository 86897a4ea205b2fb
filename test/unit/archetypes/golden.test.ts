import { describe, expect, it } from "vitest";
import * as archetypes from "../../../src/archetypes/index.ts";
import * as blueprint from "../../../src/blueprint/generated/index.ts";
import type { AsComponents, ComponentSpec } from "../../../src/rrd/component-batch.ts";
import { goldenFiles, instancesOf } from "./golden-values.ts";
import { instances } from "./instances.ts";

interface GeneratedArchetype {
  readonly components: Readonly<Record<string, ComponentSpec>>;
  update(fields: Readonly<Record<string, unknown>>): AsComponents;
}

const generated = Object.entries({ ...archetypes, ...blueprint })
  .filter(([, value]) => typeof value === "function" && "components" in value)
  .map(([name, value]) => [name, value as unknown as GeneratedArchetype] as const);

describe("values of the official SDK's golden files are encoded to the same instances", () => {
  it.each(generated)("%s", (_, archetype) => {
    const specs = Object.entries(archetype.components);
    const rows = Object.entries(goldenFiles)
      .filter(([file]) => file.startsWith("catalog_"))
      .flatMap(([, { entities }]) => Object.values(entities))
      .flatMap((entity) => entity[specs[0]?.[1].descriptor.archetype as string] ?? []);
    expect(rows).not.toEqual([]);
    for (const { fields } of rows) {
      const given = specs.map(([, spec]) => instancesOf(spec.type, fields[fieldOf(spec)] ?? []));
      const row = archetype.update(Object.fromEntries(specs.map(([name], i) => [name, given[i]])));
      expect(instances(row)).toEqual(
        Object.fromEntries(specs.map(([, spec], i) => [spec.descriptor.component, given[i]])),
      );
    }
  });
});

describe("components are declared as the official SDK declares them", () => {
  it.each(generated)("%s", (_, { components }) => {
    for (const { descriptor, type } of Object.values(components)) {
      const file = Object.values(goldenFiles).find(({ columns }) => descriptor.component in columns);
      const declared = { archetype: descriptor.archetype, componentType: descriptor.componentType, arrow: type };
      expect(declared).toEqual(file?.columns[descriptor.component]);
    }
  });
});

function fieldOf({ descriptor }: ComponentSpec): string {
  return descriptor.component.slice(descriptor.component.indexOf(":") + 1);
}
