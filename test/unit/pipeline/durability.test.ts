import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CheckpointBlock } from "../../../src/pipeline/checkpoint.ts";
import { Durability } from "../../../src/pipeline/durability.ts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
import { openFile } from "../../../src/sinks/open-file.ts";
import { scalar } from "./harness.ts";
import { frameTimes } from "./recorded.ts";
import { Records } from "./records.ts";

const ENDED = 1500;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-rerun-durability-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("tells of all recordings that ended in one turn, however many, while their records are in the ring (I4)", () => {
  const records = new Records(1 << 20);
  const block = new CheckpointBlock();
  const durability = new Durability(records.writer.stores, block);
  const rings = new Map([[0, records.client.consumer]]);
  // a row that waits for company holds the ring
  const file = openFile(join(folder, "a.rrd"));
  records.post({ type: "set-sinks", recording: 1, sinks: [{ kind: "file", ...file, writeFooter: true }] });
  records.read();
  durability.update(rings);
  new RowEncoder(records, { onFailure: () => {} }).logRow(1, "a", frameTimes(1), [{ spec: scalar, values: 1 }], 0, 0);
  const ended = Array.from({ length: ENDED }, (_, at) => at + 2);
  for (const no of ended) {
    records.define({ type: "recording", no, store: { kind: "recording", applicationId: "a", recordingId: `${no}` } });
    records.post({ type: "close", recording: no, timeoutMillis: 0 });
  }
  records.read();
  durability.update(rings);
  expect(block.value?.ended).toEqual(ended);
  records.writer.run({ type: "flush", timeoutMillis: 0 });
  records.post({ type: "stats", recording: 1 });
  records.read();
  durability.update(rings);
  expect(block.value?.ended).toEqual([]);
  records.writer.run({ type: "close", timeoutMillis: 0 });
});
