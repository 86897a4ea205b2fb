import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Float64, Int64, Table, tableToIPC, vectorFromArray } from "apache-arrow";
import { beforeAll, expect, inject, it } from "vitest";
import { openRrd } from "../../src/reader.ts";
import { type DumpedStore, describeWithOracle, dump, expectVerified } from "../oracle.ts";
import { freshFolder, node } from "./run.ts";

const { plain } = inject("consumers");
const folder = freshFolder();
const SOURCE = join(folder, "source.rrd");
const TABLE = join(folder, "table.arrows");
const BLUEPRINT = join(import.meta.dirname, "../golden/blueprint_layout.rbl");
/** More than is handed to the writer at once. */
const BLOB_BYTES = 9 << 20;

const IMPORTS = `import * as rr from "otel-rerun"; import { openRrd } from "otel-rerun/reader"; import { readFileSync } from "node:fs";\n`;

/** A program that takes in what is there already, with the writer where it is by default. */
async function take(program: string): Promise<string> {
  const path = join(freshFolder(), "target.rrd");
  const script = `${IMPORTS}const rec = new rr.RecordingStream("target", { strict: true, sendProperties: false });
rec.save(${JSON.stringify(path)});
${program}
await rec.flush();
const { rowsAccepted, rowsWritten } = rec.stats();
if (rowsAccepted === 0 || rowsWritten !== rowsAccepted) throw new Error(rowsWritten + " of " + rowsAccepted);
await rec.shutdown();`;
  const run = await node(plain, ["--input-type=module", "-e", script]);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stderr).toBe("");
  expectVerified(path);
  return path;
}

/** All but the blob, which takes the official reader half a minute. */
function rowsIn(path: string): unknown[] {
  const [store] = dump(path, "/points", "/note", "/after");
  return store?.chunks.toSorted((a, b) => (a.entity < b.entity ? -1 : 1)) ?? [];
}

async function blobIn(path: string): Promise<Buffer> {
  for await (const chunk of (await openRrd(path)).chunks({ entityPath: "/blob" })) {
    const column = chunk.components.find(({ component }) => component === "Asset3D:blob");
    const blobs = column?.get(0) as [Uint8Array];
    return Buffer.from(blobs[0]);
  }
  throw new Error(`${path} has no blob`);
}

describeWithOracle("what the packed package takes in, written by its thread", () => {
  let expected: unknown[];
  beforeAll(async () => {
    const run = await node(plain, [
      "--input-type=module",
      "-e",
      `${IMPORTS}const rec = new rr.RecordingStream("source", { sendProperties: false });
rec.save(${JSON.stringify(SOURCE)});
for (const sequence of [-1, 2]) {
  rec.log("points", new rr.Points3D([[sequence, 0, 0]], { labels: ["ü"] }), { time: { frame: { sequence }, at: { timestamp: new Date(1700000000123) } } });
}
rec.log("note", new rr.TextDocument("static"), { static: true });
rec.log("blob", new rr.Asset3D(Uint8Array.from({ length: ${BLOB_BYTES} }, (_, i) => (i * 2654435761) >>> 13)), { time: { frame: { sequence: 3 } } });
rec.log("after", new rr.Scalars(4), { time: { frame: { sequence: 4 } } });
await rec.shutdown();`,
    ]);
    expect(run.status, run.stderr).toBe(0);
    expected = rowsIn(SOURCE);
    expect(expected).toHaveLength(3);
    const table = new Table({
      frame: vectorFromArray([10n, 20n], new Int64()),
      "/a:Scalars:scalars": vectorFromArray([1.5, 2.5], new Float64()),
    });
    writeFileSync(TABLE, tableToIPC(table, "stream"));
  });

  async function taken(program: string): Promise<void> {
    const path = await take(program);
    expect(rowsIn(path)).toEqual(expected);
    expect((await blobIn(path)).equals(await blobIn(SOURCE))).toBe(true);
    expect((await openRrd(path)).recordings()).toMatchObject([{ kind: "recording", applicationId: "target" }]);
  }

  it("sendChunks: every row of another recording, at its times and under its row ids", () =>
    taken(`await rec.sendChunks(await openRrd(${JSON.stringify(SOURCE)}));`));

  it("logFile of a recording", () => taken(`await rec.logFile(${JSON.stringify(SOURCE)});`));

  it("sendChunks on a thread that writes to a recording of another", () =>
    taken(`const { Worker } = await import("node:worker_threads");
const thread = new Worker(\`${IMPORTS}import { workerData } from "node:worker_threads";
await rr.RecordingStream.attach(workerData).sendChunks(await openRrd(${JSON.stringify(SOURCE)}));\`, { eval: true, workerData: rec.share() });
await new Promise((resolve, reject) => thread.on("error", reject).on("exit", resolve));`));

  it("logFile of a blueprint", async () => {
    const path = await take(`rec.log("a", new rr.Scalars(1)); await rec.logFile(${JSON.stringify(BLUEPRINT)});`);
    const blueprints = dump(path).filter(({ kind }) => kind === "blueprint");
    expect(blueprints).toMatchObject([{ applicationId: "target" }]);
    const chunks = ({ chunks }: DumpedStore): unknown[] => chunks.map(({ entity, components }) => [entity, components]);
    const [original] = dump(BLUEPRINT).filter(({ kind }) => kind === "blueprint");
    expect(chunks(blueprints[0] as DumpedStore)).toEqual(chunks(original as DumpedStore));
  });

  it.each(["sendRecordBatch", "sendDataFrame"])("%s", async (method) => {
    const path = await take(`await rec.${method}(readFileSync(${JSON.stringify(TABLE)}), { index: "frame" });`);
    const [store] = dump(path);
    expect(store?.chunks).toMatchObject([
      { entity: "/a", timelines: { frame: ["10", "20"] }, components: { "Scalars:scalars": [[1.5], [2.5]] } },
    ]);
  });
});
