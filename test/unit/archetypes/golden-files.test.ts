import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { components } from "../../../src/archetypes/index.ts";
import { components as blueprintComponents } from "../../../src/blueprint/generated/index.ts";
import type { LoggableBlueprint } from "../../../src/index.ts";
import { saveBlueprint } from "../../../src/recording/blueprint/save-blueprint.ts";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { AsComponents } from "../../../src/rrd/component-batch.ts";
import { installWriter } from "../../../src/writer-entry.ts";
import { type DumpedStore, describeWithOracle, dump, expectVerified, rerun } from "../../oracle.ts";
import { allArchetypes, fullName, givenFields, goldenFiles, instancesOf } from "./golden-values.ts";

/**
 * The same rows as files, by us and by the official SDK, each cut down to the entities of the case and optimised by the official
 * tool:
 *
 *   golden file ── filter ──▶ theirs/X.rrd ── optimize ──▶ theirs-optimised/X.rrd ─┐
 *   golden.json ── rec.log ─▶ ours/X.rrd ──── optimize ──▶ ours-optimised/X.rrd ───┴─▶ compare
 *
 * That tool compares recordings only, so the archetypes of blueprints are compared as the official SDK reads them.
 */
interface Case {
  /** Of the test, and of the files. */
  readonly name: string;
  readonly golden: string;
  readonly rows: Readonly<Record<string, AsComponents>>;
  readonly step: number;
}

const BLUEPRINT = "catalog_blueprint.rbl";

const everyArchetype = allArchetypes.map(([name, archetype]): Case => {
  const entity = `/catalog/${name}`;
  const golden = Object.keys(goldenFiles).find((file) => entity in goldenFiles[file]!.entities) ?? "";
  const [row] = goldenFiles[golden]?.entities[entity]?.[fullName(archetype)] ?? [];
  if (row === undefined) throw new Error(`no golden file has ${name}`);
  return { name, golden, rows: { [entity]: archetype.update(givenFields(archetype, row)) }, step: 1 };
});
const blueprintCases = everyArchetype.filter(({ golden }) => golden === BLUEPRINT);
const cases = everyArchetype.filter(({ golden }) => golden !== BLUEPRINT);

cases.push({
  name: "all, cleared",
  golden: "catalog_cleared.rrd",
  rows: Object.fromEntries(
    allArchetypes
      .filter(([, archetype]) => fullName(archetype).startsWith("rerun.archetypes."))
      .map(([name, archetype]) => [`/cleared/${name}`, archetype.clear()]),
  ),
  step: 2,
});

cases.push({
  name: "component types that no archetype has, in one of a user's own",
  golden: "catalog_components.rrd",
  rows: Object.fromEntries(
    Object.entries(goldenFiles["catalog_components.rrd"]!.entities).map(([entity, { extra }]) => {
      const name = entity.slice(entity.lastIndexOf("/") + 1);
      const types = { ...components, ...blueprintComponents } as Record<string, typeof components.Color>;
      const spec = types[name]!("extra", name);
      const values = instancesOf(spec.type, extra![0]!.fields[name]!);
      return [entity, { asComponentBatches: () => [{ spec, values }] }];
    }),
  ),
  step: 0,
});

const goldenFolder = fileURLToPath(new URL("../../golden/", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "otel-rerun-golden-"));
const file = (kind: string, { name }: Case) => path.join(folder, kind, `${name}.rrd`);
const ourBlueprint = path.join(folder, BLUEPRINT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWithOracle("the official tools find our files equal to those of the official SDK", () => {
  let blueprints: { readonly ours: DumpedStore[]; readonly theirs: DumpedStore[] };

  beforeAll(async () => {
    installWriter();
    for (const kind of ["ours", "theirs"]) mkdirSync(path.join(folder, kind));
    for (const one of cases) {
      await writeRecording(one);
      const others = Object.keys(goldenFiles[one.golden]!.entities).filter((entity) => !(entity in one.rows));
      const drops = others.flatMap((entity) => ["--drop-entity", entity]);
      run("rrd", "filter", ...drops, path.join(goldenFolder, one.golden), "-o", file("theirs", one));
    }
    for (const kind of ["ours", "theirs"]) {
      run("rrd", "optimize", path.join(folder, kind), "-o", path.join(folder, `${kind}-optimised`));
    }
    writeBlueprint();
    blueprints = { ours: dump(ourBlueprint), theirs: dump(path.join(goldenFolder, BLUEPRINT)) };
  });

  it.each(cases)("$name", (one) => {
    const files = ["ours-optimised", "theirs-optimised"].map((kind) => file(kind, one));
    // unordered: which entity comes first in the file is not compared
    const { status, output } = rerun("rrd", "compare", "--unordered", ...files);
    expect({ status, output }).toEqual({ status: 0, output: expect.any(String) });
  });

  it.each(blueprintCases)("$name, of a blueprint", (one) => {
    expect(chunksOf(one, blueprints.ours)).toEqual(chunksOf(one, blueprints.theirs));
  });

  it("and all of them valid", () => {
    expectVerified(ourBlueprint, ...cases.map((one) => file("ours", one)));
  });
});

/** What a store has of a case, without what is different in every run. */
function chunksOf({ rows }: Case, [store]: readonly DumpedStore[]): unknown {
  const chunks = store?.chunks.filter(({ entity }) => entity in rows) ?? [];
  return chunks.map(({ entity, timelines, components }) => ({ entity, at: timelines.blueprint, components }));
}

async function writeRecording(one: Case): Promise<void> {
  const recordingId = one.golden.replace(".rrd", "");
  const rec = new RecordingStream("golden_catalog", { recordingId, sendProperties: false, strict: true });
  rec.logTimeEnabled = false;
  rec.save(file("ours", one));
  rec.setTime("step", { sequence: one.step });
  for (const [entity, row] of Object.entries(one.rows)) rec.log(entity, row);
  await rec.shutdown();
}

function writeBlueprint(): void {
  const timeline = { name: "blueprint", type: "sequence" } as const;
  const blueprint: LoggableBlueprint = {
    log(write) {
      for (const { rows } of blueprintCases) {
        for (const [entity, row] of Object.entries(rows)) write(entity, row, [{ timeline, value: 0n }]);
      }
    },
  };
  saveBlueprint(blueprint, ourBlueprint, "golden_catalog");
}

function run(...args: string[]): void {
  const { status, output } = rerun(...args);
  if (status !== 0) throw new Error(`rerun ${args.slice(0, 2).join(" ")}: ${output}`);
}
