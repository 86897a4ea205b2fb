import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRrd } from "../../../src/rrd/reader/open-rrd.ts";
import type { RrdComponentColumn } from "../../../src/rrd/reader/rrd-chunk.ts";
import * as official from "./official-layouts.ts";

const golden = (file: string): string => fileURLToPath(new URL(`../../golden/${file}`, import.meta.url));

// the official writer takes an unnamed child of any container for its active tab; ours does not, and viewers ignore it there
const QUIRK = `/container/${official.id(16)} ContainerBlueprint:active_tab`;

/** What a file says, by entity and component: descriptor, datatype, values. */
async function componentsOf(path: string): Promise<Record<string, object>> {
  const found: Record<string, object> = {};
  for await (const chunk of (await openRrd(path)).chunks({ kind: "blueprint" })) {
    for (const column of chunk.components) {
      for (let row = 0; row < chunk.numRows; row++) {
        const values = column.get(row);
        if (values === null) continue;
        const { component, archetype, componentType } = column;
        const name = `${chunk.entityPath} ${component}`;
        if (name === QUIRK) continue;
        found[name] = { archetype, componentType, isStatic: chunk.isStatic, type: typeOf(column), values };
      }
    }
  }
  return found;
}

function typeOf({ column }: RrdComponentColumn): unknown {
  return JSON.parse(JSON.stringify(column.field.type));
}

describe.each([
  ["blueprint_layout.rbl", official.layout],
  ["blueprint_auto.rbl", official.auto],
  ["blueprint_embedded.rrd", official.embedded],
  ["blueprint_table.rbl", official.table],
])("%s of the official SDK", (file, blueprint) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "otel-rerun-layout-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has the same components, values and datatypes: viewers refuse a store with any other", async () => {
    const path = join(folder, "ours.rbl");
    blueprint.save(path, "golden_blueprint");
    expect(await componentsOf(path)).toEqual(await componentsOf(golden(file)));
  });
});
