import { describe, expect, it } from "vitest";
import { allArchetypes, fullName, givenFields, goldenFields, goldenFiles } from "./golden-values.ts";
import { instances } from "./instances.ts";

describe("values of the official SDK's golden files are encoded to the same instances", () => {
  it.each(allArchetypes)("%s", (_, archetype) => {
    const rows = Object.entries(goldenFiles)
      .filter(([file]) => file.startsWith("catalog_"))
      .flatMap(([, { entities }]) => Object.values(entities))
      .flatMap((entity) => entity[fullName(archetype)] ?? []);
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      const written = goldenFields(archetype, row);
      const expected = Object.entries(archetype.components).map(([name, spec]) => [
        spec.descriptor.component,
        written[name],
      ]);
      expect(instances(archetype.update(givenFields(archetype, row)))).toEqual(Object.fromEntries(expected));
    }
  });
});

describe("components are declared as the official SDK declares them", () => {
  it.each(allArchetypes)("%s", (_, { components }) => {
    for (const { descriptor, type } of Object.values(components)) {
      const file = Object.values(goldenFiles).find(({ columns }) => descriptor.component in columns);
      const declared = { archetype: descriptor.archetype, componentType: descriptor.componentType, arrow: type };
      expect(declared).toEqual(file?.columns[descriptor.component]);
    }
  });
});
