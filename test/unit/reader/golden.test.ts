import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { tuidString } from "../../../src/bytes/tuid.ts";
import { openRrd, type RrdChunk } from "../../../src/reader.ts";
import { type DumpedChunk, type DumpedStore, describeWithOracle, dumpEach, rerun } from "../../oracle.ts";

const folder = fileURLToPath(new URL("../../golden", import.meta.url));
const files = readdirSync(folder).filter((name) => /\.(rrd|rbl)$/.test(name));

describeWithOracle("recordings of the official SDK (I10)", () => {
  let official: Map<string, DumpedStore[]>;
  beforeAll(() => {
    const dumps = dumpEach(files.map((name) => `${folder}/${name}`));
    official = new Map(files.map((name, at) => [name, dumps[at] as DumpedStore[]]));
  });

  it.each(files)("%s: the same stores, chunks, rows and values as the official reader's", async (name) => {
    const path = `${folder}/${name}`;
    const reader = await openRrd(path);
    expect(reader.problems).toEqual([]);
    const stores = official.get(name) as DumpedStore[];
    const key = ({ kind, applicationId, recordingId }: { kind: string; applicationId: string; recordingId: string }) =>
      [kind, applicationId, recordingId].join(" ");
    expect(reader.recordings().map(key).sort()).toEqual(stores.map(key).sort());
    for (const { kind, applicationId, recordingId, chunks } of stores) {
      const ours: DumpedChunk[] = [];
      for await (const chunk of reader.chunks({ kind, applicationId, recordingId })) ours.push(dumped(chunk));
      expect(ours.sort(byRowId)).toEqual(chunks.sort(byRowId));
    }
  });

  it.each(files)("%s: the same messages in the same order as `rerun rrd print`", async (name) => {
    const path = `${folder}/${name}`;
    const ours: string[] = [];
    for await (const message of (await openRrd(path)).messages()) {
      if (message.kind === "store-info") ours.push("StoreInfo");
      if (message.kind === "activation") ours.push("BlueprintActivationCommand");
      if (message.kind !== "arrow") continue;
      const { id, numRows, entityPath, components } = message.summary;
      const columns = components.map(({ descriptor }) => descriptor.component).sort();
      ours.push(`chunk_${tuidString(id)} ${numRows} ${entityPath} ${columns.join(" ")}`.trimEnd());
    }
    expect(ours).toEqual(printed(rerun("rrd", "print", path).output));
  });
});

function printed(output: string): string[] {
  const messages: string[] = [];
  for (const line of output.split("\n")) {
    const chunk = /^Chunk\((\S+)\) with (\d+) rows \(.*?\) - (.+?)(?: - (?:no columns|data columns: \[(.*)\]))?$/.exec(
      line,
    );
    if (chunk !== null) {
      const [, id, rows, path, columns = ""] = chunk;
      messages.push(`${id} ${rows} ${path} ${columns.split(" ").sort().join(" ")}`.trimEnd());
    } else if (/^[A-Z]\w+( \{|\()/.test(line)) messages.push(line.replace(/\W.*/, ""));
  }
  return messages;
}

/** A value as `dump.py` prints it. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value < 2n ** 53n && value > -(2n ** 53n) ? Number(value) : String(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf");
  }
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

function dumped({ entityPath, isStatic, numRows, rowIds, timelines, components }: RrdChunk): DumpedChunk {
  const rows = Array.from({ length: numRows }, (_, row) => row);
  return {
    entity: entityPath,
    static: isStatic,
    rows: numRows,
    rowIds: rows.map((row) => Buffer.from(rowIds.subarray(16 * row, 16 * row + 16)).toString("hex")),
    timelines: Object.fromEntries(timelines.map(({ name, get }) => [name, rows.map((row) => String(get(row)))])),
    components: Object.fromEntries(
      components.map(({ component, get }) => [component, rows.map((row) => plain(get(row)) as unknown[] | null)]),
    ),
  };
}

function byRowId(a: DumpedChunk, b: DumpedChunk): number {
  return `${a.rowIds[0]}${a.entity}`.localeCompare(`${b.rowIds[0]}${b.entity}`);
}
