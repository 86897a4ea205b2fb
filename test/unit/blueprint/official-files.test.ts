import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as rrb from "../../../src/blueprint.ts";
import type { LoggableBlueprint } from "../../../src/recording/blueprint/blueprint.ts";
import { saveBlueprint } from "../../../src/recording/blueprint/save-blueprint.ts";
import { describeWithOracle, expectVerified, rerun } from "../../oracle.ts";
import * as official from "./official-layouts.ts";
import { recast } from "./recast.ts";

const golden = (file: string): string => fileURLToPath(new URL(`../../golden/${file}`, import.meta.url));
const { files } = JSON.parse(readFileSync(golden("golden.json"), "utf8")) as {
  files: Record<string, { blueprintEntities: Record<string, unknown> }>;
};

/** The official writer takes an unnamed child of any container for its active tab; viewers ignore it there. */
const QUIRK = `/container/${official.id(16)}`;
const likeOfficial: LoggableBlueprint = {
  log: (write) =>
    official.layout.log((path, components, times) => {
      const activeTab = rrb.ContainerBlueprint.update({ activeTab: `view/${official.id(15)}` });
      write(path, path === QUIRK ? [components, activeTab] : components, times);
    }),
};

const all = [
  ["blueprint_layout.rbl", likeOfficial],
  ["blueprint_auto.rbl", official.auto],
  ["blueprint_embedded.rrd", official.embedded],
  ["blueprint_table.rbl", official.table],
] as const;

/** `/view/<id>` with all below it, a panel, …: what one object of the layout has written. */
function unitsOf(file: string): string[] {
  const paths = Object.keys(files[file]?.blueprintEntities ?? {});
  return [...new Set(paths.map((path) => /^\/(?:view|container)\/[^/]+|^\/[^/]+/.exec(path)?.[0] ?? path))];
}

describeWithOracle.each(all)("%s by this package and by the official SDK", (file, blueprint) => {
  let folder: string;
  const at = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "otel-rerun-blueprint-"));
    saveBlueprint(blueprint, at("ours.rbl"), "golden_blueprint");
    expect(rerun("rrd", "optimize", at("ours.rbl"), "-o", at("ours-optimized.rbl")).status).toBe(0);
    expect(rerun("rrd", "optimize", golden(file), "-o", at("official-optimized.rbl")).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is verified", () => {
    expectVerified(at("ours.rbl"));
  });

  it.each(unitsOf(file))("%s is equal", async (unit) => {
    const isWanted = (path: string): boolean => path === unit || path.startsWith(`${unit}/`);
    const rows = await recast(at("official-optimized.rbl"), at("official.rrd"), isWanted);
    expect(rows).toBeGreaterThan(0);
    await recast(at("ours-optimized.rbl"), at("ours.rrd"), isWanted);
    // official writers add the wall clock to the rows of a blueprint, and `optimize` gives chunks in no particular order
    const { status, output } = rerun(
      "rrd",
      "compare",
      "--unordered",
      "--ignore-timeline",
      "log_time",
      at("official.rrd"),
      at("ours.rrd"),
    );
    expect(output).toBe("");
    expect(status).toBe(0);
  });

  it("is not equal when anything is left out", async () => {
    const [first] = unitsOf(file);
    await recast(at("official-optimized.rbl"), at("official.rrd"), () => true);
    await recast(at("ours-optimized.rbl"), at("ours.rrd"), (path) => path !== first);
    const ignored = ["--unordered", "--ignore-timeline", "log_time"];
    expect(rerun("rrd", "compare", ...ignored, at("official.rrd"), at("ours.rrd")).status).not.toBe(0);
  });
});
