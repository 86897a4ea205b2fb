import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BASE } from "../../../src/pipeline/record.ts";
import { RowEncoder } from "../../../src/pipeline/row-encoder.ts";
import { CheckpointBlock } from "../../../src/pipeline/writer-thread/checkpoint.ts";
import { Durability } from "../../../src/pipeline/writer-thread/durability.ts";
import { RingClient } from "../../../src/pipeline/writer-thread/ring-client.ts";
import { openFile } from "../../../src/sinks/file/open-file.ts";
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

it("a thread that ended its part of a recording is not read again as far as the file of the recording is marked (I4)", () => {
  const main = new Records();
  const other = new Records();
  const { writer } = main;
  const attached = new RingClient({
    no: 1,
    ring: other.outstanding,
    clockSkew: 0,
    receive: () => {},
    onCommand: (command) => void writer.run(command, false),
  });
  const block = new CheckpointBlock();
  const durability = new Durability(writer.stores, block);
  const rings = new Map([
    [0, main.client.consumer],
    [1, attached.consumer],
  ]);
  const read = (): void => {
    main.read();
    while (attached.read(writer, 1 << 20) > 0);
    durability.update(rings);
  };
  const save = (recording: number): void => {
    const file = openFile(join(folder, `${recording}.rrd`));
    main.post({ type: "set-sinks", recording, sinks: [{ kind: "file", ...file, writeFooter: true }] });
  };
  const log = (records: Records, recording: number, frame: number): void => {
    const batches = [{ spec: scalar, values: frame }];
    new RowEncoder(records, { onFailure: () => {} }).logRow(recording, "a", frameTimes(frame), batches, 0, 0);
  };
  const store = { kind: "recording", applicationId: "a", recordingId: "2" } as const;
  main.define({ type: "recording", no: 2, store });
  save(1);
  save(2);
  read();
  log(main, 2, 0); // waits for company, and holds both rings
  other.define({ type: "recording", no: 7, store, attachedTo: 1 });
  log(other, 7, 1);
  other.post({ type: "close", recording: 7, timeoutMillis: 0 });
  read();
  const positionOf = (no: number) => block.value?.recordings.find((recording) => recording.no === no)?.positions[1];
  expect(positionOf(BASE + 7)).toEqual(attached.consumer.position);
  expect(positionOf(2)).not.toEqual(attached.consumer.position);

  const fresh = new Records();
  fresh.read(); // knows recording 1
  const successor = fresh.writer;
  const again = new RingClient({
    no: 1,
    ring: other.outstanding,
    clockSkew: 0,
    receive: () => {},
    onCommand: () => {},
  });
  again.readAgain(successor, block.value!);
  expect(successor.stores.statsOf(1)?.rowsAccepted).toBe(0);

  // the whole recording ends, too
  writer.run({ type: "close", recording: 1, timeoutMillis: 0 });
  main.post({ type: "stats", recording: 2 });
  read();
  expect(positionOf(BASE + 7)).toBeUndefined();
  expect(block.value?.ended).toContain(BASE + 7);
  writer.run({ type: "close", timeoutMillis: 0 });
});
