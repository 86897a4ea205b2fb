import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RecordingStream } from "../../../src/recording/recording-stream.ts";
import type { ComponentSpec } from "../../../src/rrd/component-batch.ts";
import { installWriter } from "../../../src/writer-entry.ts";
import { type DumpedStore, describeWithOracle, dump } from "../../oracle.ts";
import { arbitraryInstance } from "./arbitrary-values.ts";
import { componentDatatypes } from "./datatypes.ts";
import { withoutVariants } from "./without-variants.ts";

const ROWS = 12;

/** Random rows of each datatype, different in every run; what differs is printed. */
const cases = componentDatatypes().map(([name, type], i) => {
  const spec: ComponentSpec = { descriptor: { component: name }, type };
  const rows = fc.sample(fc.array(arbitraryInstance(type), { maxLength: 4 }), { numRuns: ROWS });
  return { name, type, spec, rows, entity: `/type/${i}` };
});

describeWithOracle("pyarrow reads what was recorded, in all datatypes of Rerun", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "otel-rerun-pyarrow-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let store: DumpedStore | undefined;

  beforeAll(async () => {
    installWriter();
    const rec = new RecordingStream("types", { sendProperties: false, strict: true });
    const file = path.join(folder, "types.rrd");
    rec.save(file);
    for (const { spec, rows, entity } of cases) {
      for (const [row, values] of rows.entries()) {
        rec.setTime("row", { sequence: row });
        rec.log(entity, { asComponentBatches: () => [{ spec, values }] });
      }
    }
    await rec.shutdown();
    [store] = dump(file);
  });

  it.each(cases)("$name", ({ name, type, rows, entity }) => {
    const read = new Map<number, unknown>();
    for (const chunk of store?.chunks.filter((chunk) => chunk.entity === entity) ?? []) {
      for (const [i, row] of (chunk.timelines.row ?? []).entries()) read.set(Number(row), chunk.components[name]?.[i]);
    }
    const expected = rows.map((values) => values.map((value) => dumped(withoutVariants(type, value))));
    expect(rows.map((_, row) => read.get(row))).toEqual(expected);
  });
});

/** As test/oracle/dump.py prints a value. */
function dumped(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return value < 2n ** 53n && value > -(2n ** 53n) ? Number(value) : String(value);
  if (typeof value === "number") return nonFinite.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => dumped(item));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, dumped(field)]));
}

const nonFinite = new Map<number, string>([
  [Number.NaN, "nan"],
  [Number.POSITIVE_INFINITY, "inf"],
  [Number.NEGATIVE_INFINITY, "-inf"],
]);
